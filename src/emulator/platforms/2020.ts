/** AWS as it was when the compared table was published (2020-21): today's facts, and what was different then. */

import { type Facts, platform2026 } from "./2026.ts";
import { assumed, chosen, documented, type Fact, fitted, measured } from "./fact.ts";
import fits from "./fitted.json" with { type: "json" };

const burst = "awsdocs/aws-lambda-developer-guide, invocation-scaling.md (2022): regional burst, then 500 a minute";
const publishedTable = "the published table of the five scenarios, about 2020-21";
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
  "mapping.scalingTickMs": measured(15_000, [10_000, 15_000], "granularity of scaling decisions, observed 2018"),
  "sqs.maximumMessageBytes": documented(262_144, "awsdocs/amazon-sqs-developer-guide, quotas-messages.md (2022)"),

  /* The published runs had a small Postgres behind a tunnel. */
  "database.connectMs": assumed(
    3_800,
    [2_500, 5_000],
    `tunnel, TLS, authentication and a new backend; what 89 instances at 16 to 17 events a second imply, see ${publishedTable}`,
  ),
  "database.insertMedianMs": fitted(
    fits["database.insertMedianMs"].value,
    [100, 250],
    `one insert's round trip, and whatever else a handler takes beyond its work; ${fits["database.insertMedianMs"].fittedTo}`,
  ),
  "database.maximumConnections": chosen(
    97,
    "Postgres's default max_connections of 100 less superuser_reserved_connections of 3; the published one is unknown",
  ),
} satisfies Partial<Record<keyof Facts, Fact>>;

export const platform2020: Facts = { ...platform2026, ...differences };
