/** The environment variables that each handler cannot work without. One that is not here means *off* where it is absent. */
import { sinkVariables } from "./sink.ts";

/** A list holds alternatives, of which the handler takes exactly one. */
export type Needed = string | readonly string[];

export const neededVariables = {
  producer: [sinkVariables, "PUBLISH_RATE"],
  consumer: ["DATABASE_URL", "WORK_MS", "GROUP"],
  recorder: ["DATABASE_URL", "GROUP"],
  adapter: [sinkVariables],
} as const satisfies Record<string, readonly Needed[]>;
