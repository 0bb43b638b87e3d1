/** The adapter as Lambda calls it: `adapter.handler`. */
import { createAdapter } from "../adapter.ts";
import { systemPorts } from "./ports.ts";
import { publisherIn } from "./publisher.ts";

export const handler = createAdapter({ ...systemPorts, publisher: publisherIn(systemPorts.environment) });
