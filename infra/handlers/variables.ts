/** The environment variables that each handler cannot work without, for those who check a template before it is deployed. */

/** `whole number` and `number`: of zero or more. A variable that is not here means *off* where it is absent. */
export type VariableKind = "text" | "whole number" | "number";

export const neededVariables: Readonly<Record<"producer" | "consumer" | "recorder", Record<string, VariableKind>>> = {
  producer: { TOPIC_ARN: "text", PUBLISH_RATE: "number" },
  consumer: { DATABASE_URL: "text", WORK_MS: "whole number", GROUP: "text" },
  recorder: { DATABASE_URL: "text", GROUP: "text" },
};
