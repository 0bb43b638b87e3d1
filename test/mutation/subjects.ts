/** The folders that are mutated, each with the tests that are near it and need neither a database nor a process. */

export interface Subject {
  /** of its files under `.build/mutation` */
  name: string;
  folder: string;
  /** glob patterns */
  tests: readonly string[];
}

export const subjects: readonly Subject[] = [
  { name: "metrics", folder: "src/metrics", tests: ["test/unit/metrics/*.test.ts"] },
  {
    name: "sqs",
    folder: "src/emulator/sqs",
    tests: [
      "test/unit/emulator/{queue,fifo-queue,partitions,notification}.test.ts",
      "test/contract/{sqs,sqs-fifo,sqs-resources,fair-queues,api-sqs,query-flattened,inputs}.test.ts",
    ],
  },
  {
    name: "mappings",
    folder: "src/emulator/lambda/mappings",
    tests: [
      "test/unit/emulator/{queue-mapping,poller-scaling,poller-waits,provisioned-poller}.test.ts",
      "test/contract/{api-event-source-mapping,api-lambda,event-source-mapping,event-source-mapping-fifo,provisioned-pollers,stream-mapping,inputs}.test.ts",
    ],
  },
];

/** Tests that take too long to run against every mutant of what they touch, by a part of their names. */
export const tooLong = [
  "says that a thousand events by each shipped scenario cost a part of a dollar",
  "spares the quiet tenants the wait behind a noisy one",
  "spares them nothing with MaximumConcurrency 20",
  "lets half of what is sent into a long backlog overtake it within seconds",
  "does 20% less than without errors when 1% of the invocations fail",
  "does as much as without errors when the function reports batch item failures",
  "cuts its pollers while the function is throttled, and adds some again afterwards",
  "goes back to the standard mode, and comes from it, without losing or repeating a message",
  "gives up no poller of the least number while the function is throttled or fails",
  "takes no more than a megabyte a second with each poller",
  "never works two messages of a group at a time, nor out of order, whatever fails",
  "keeps the order of each partition key, also when batches fail",
];
