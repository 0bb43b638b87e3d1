/** AWS as it was when the compared table was published (2020-21): today's facts, and what was different then. */

import { type Facts, platform2026 } from "./2026.ts";
import { documented, type Fact } from "./fact.ts";

const burst = "awsdocs/aws-lambda-developer-guide, invocation-scaling.md (2022): regional burst, then 500 a minute";
const polling = "awsdocs/aws-lambda-developer-guide, with-sqs.md (2022)";

const differences = {
  "lambda.scalingBucket": {
    ...documented(3_000, burst),
    range: [500, 3_000],
  },
  "lambda.scalingRefillPerSecond": documented(500 / 60, burst),
  "lambda.scalingPerFunction": documented(0, burst),
  "mapping.pollersPerMinute": documented(60, polling),
  "mapping.maximumPollers": documented(1_000, polling),
  "mapping.idlePollers": documented(5, polling),
  "sqs.maximumMessageBytes": documented(262_144, "awsdocs/amazon-sqs-developer-guide, quotas-messages.md (2022)"),
} satisfies Partial<Record<keyof Facts, Fact>>;

export const platform2020: Facts = { ...platform2026, ...differences };
