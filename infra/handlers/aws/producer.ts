/** The producer as Lambda calls it: `producer.handler`. */
import { createProducer } from "../producer.ts";
import { systemPorts } from "./ports.ts";
import { publisherIn } from "./publisher.ts";

export const handler = createProducer({ ...systemPorts, publisher: publisherIn(systemPorts.environment) });
