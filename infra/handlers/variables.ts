/** The environment variables that each handler cannot work without. One that is not here means *off* where it is absent. */

export const neededVariables = {
  producer: ["TOPIC_ARN", "PUBLISH_RATE"],
  consumer: ["DATABASE_URL", "WORK_MS", "GROUP"],
  recorder: ["DATABASE_URL", "GROUP"],
} as const;
