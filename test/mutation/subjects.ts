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
      "test/contract/{sqs,sqs-fifo,fair-queues,api-sqs,inputs}.test.ts",
    ],
  },
  {
    name: "mappings",
    folder: "src/emulator/lambda/mappings",
    tests: [
      "test/unit/emulator/{queue-mapping,poller-scaling}.test.ts",
      "test/contract/{event-source-mapping,event-source-mapping-fifo,provisioned-pollers,stream-mapping,inputs}.test.ts",
    ],
  },
];

/** Tests that take too long to run against every mutant of what they touch, by a part of their names. */
export const tooLong = [
  "says that a thousand events by each shipped scenario cost a part of a dollar",
  "spares the quiet tenants the wait behind a noisy one",
  "lets half of what is sent into a long backlog overtake it within seconds",
];
