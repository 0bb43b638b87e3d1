/** Many runs at once: each comes to what it comes to alone, and nothing is left of any. */
import { expect, it } from "vitest";
import { tell } from "./figures.ts";
import { tries } from "./pace.ts";
import { aTool, draftsIn, processesLeftIn, recordsIn, resultOf, run, type Tool } from "./tool.ts";

const crowd = 10;
const rounds = tries({ short: 1, long: 5 });
const scenarios = ["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"];

/** The run of one of a crowd: scenarios and seeds differ. */
function argumentsOf(number: number, round: number): string[] {
  return [
    ...["run", scenarios[number % scenarios.length]!, "--events", "100", "--seed", String(1 + (number % 4))],
    ...["--run-id", `crowd-${round}-${number}`, "--json"],
  ];
}

/** The results of the crowd's runs, one after the other, when nobody else runs. */
async function resultsAlone(): Promise<string[]> {
  const tool = aTool();
  const results: string[] = [];
  for (let number = 0; number < crowd; number++) {
    const [record] = recordsIn(await run(tool, ...argumentsOf(number, 0)));
    results.push(resultOf(record!));
  }
  return results;
}

async function inCrowd(toolOf: (number: number) => Tool, round: number): Promise<string[]> {
  const members = Array.from({ length: crowd }, (_, number) => run(toolOf(number), ...argumentsOf(number, round)));
  return (await Promise.all(members)).map((ended) => resultOf(recordsIn(ended)[0]!));
}

function equal(results: string[], expected: string[]): number {
  return results.filter((result, number) => result === expected[number]).length;
}

it("10 runs at once in one directory", async () => {
  const expected = await resultsAlone();
  const tool = aTool();
  let held = 0;
  for (let round = 0; round < rounds; round++) held += equal(await inCrowd(() => tool, round), expected);
  const listed = JSON.parse((await run(tool, "report", "all", "--json")).stdout) as unknown[];
  const left = [...(await processesLeftIn(tool.directory)), ...draftsIn(tool)];
  expect(left).toEqual([]);
  const tried = crowd * rounds;
  tell({ what: "runs, 10 at once in one directory", tried, held, lost: tried - listed.length, left: left.length });
});
