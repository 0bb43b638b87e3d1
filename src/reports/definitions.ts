/** What each figure means, for readers of a report. */

export const definitions: [figure: string, meaning: string][] = [
  ["Total Events", "The events that the run was asked to publish."],
  ["Events Completed", "Distinct events that the consumer inserted into the database."],
  ["Events Failed", "Dead-lettered events that never completed."],
  ["Events Missing", "Total − completed − failed: events that reached neither the database nor a dead-letter queue."],
  ["Duplicates", "Inserts beyond the first of an event; delivery is at least once."],
  ["Time Taken", "From the moment the first event was made to the last insert of a completed one."],
  [
    "Max. Concurrency",
    "The maximum of CloudWatch's ConcurrentExecutions for the consumer. The overlapping invocations that the rows show are the cross-check.",
  ],
  ["Avg. DB Inserts Per Second", "Events completed ÷ time taken."],
  [
    "Max. and Min. DB Inserts Per Second",
    "The most and the fewest inserts in a whole second since the first insert, over the seconds that have any.",
  ],
  ["Peak in any rolling second", "The most inserts in any stretch of one second, whenever it begins."],
  ["Latency", "From the moment an event was made to its first insert; percentiles are latencies that some event had."],
  ["Out of order", "The share of completed events that were inserted after one that was published later."],
  ["Difference", "This run − published, and its share of what was published."],
  [
    "Median (5-95%)",
    "Of runs that differ in their seed alone: the middle one, and the range that leaves 5% of them on either side.",
  ],
  ["Prediction, measurement", "A local run predicts with a model of the AWS services; a run in an account measures."],
];
