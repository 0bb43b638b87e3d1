/** The dead-letter recorder as Lambda calls it: `recorder.handler`. */
import { createRecorder } from "../recorder.ts";
import { connect } from "./database.ts";
import { systemPorts } from "./ports.ts";
import { stream } from "./stream.ts";

export const handler = createRecorder({ ...systemPorts, connect, stream });
