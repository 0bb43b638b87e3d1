/** The consumer as Lambda calls it: `consumer.handler`. */
import { createConsumer } from "../consumer.ts";
import { connect } from "./database.ts";
import { systemPorts } from "./ports.ts";
import { queue } from "./sqs.ts";

export const handler = createConsumer({ ...systemPorts, connect, queue });
