/** Prepares each test file for a mutant. */
import fc from "fast-check";
import { beforeEach } from "vitest";
import { tooLong } from "./subjects.ts";

declare global {
  /** Stryker's own: the mutant that is active, and in the first run how often each test comes by each mutant. */
  var __stryker__:
    | { activeMutant?: string; mutantCoverage?: { static: Record<string, number>; perTest: Record<string, unknown> } }
    | undefined;
}

// The thread remembers both from the test file before. A mutant is active from the first test on, not while a test file is loaded; and
// counts that add up over files would let a loop without an end go round so much longer.
if (globalThis.__stryker__ !== undefined) {
  globalThis.__stryker__.activeMutant = undefined;
  for (const counts of Object.values(globalThis.__stryker__.mutantCoverage ?? {})) {
    for (const key of Object.keys(counts)) delete counts[key];
  }
}

// The same inputs for each mutant, so that the score is the same each time, and fewer than for a test that runs once. Nobody reads the
// smallest input that tells of a mutant.
fc.configureGlobal({ seed: 1, numRuns: 25, endOnFailure: true });

beforeEach(({ task, skip }) => {
  if (tooLong.some((part) => task.name.includes(part))) skip();
});
