/** The kinds of event source that a mapping can read, a line each. */
export { queueSource } from "./queue-mapping.ts";
export { streamSource } from "./stream-mapping.ts";
