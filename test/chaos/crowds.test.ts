/** Many runs at once: each comes to what it comes to alone, and nothing is left of any. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { expect, it } from "vitest";
import { openDatabase, serving } from "../aws/serving.ts";
import { aPlace } from "../aws/started-run.ts";
import type { Ended } from "../cli/throttle-bench.ts";
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

let expected: Promise<string[]> | undefined;
const expectedResults = () => (expected ??= resultsAlone());

it("10 runs at once in one directory, while others read and remove", async () => {
  const expected = await expectedResults();
  const tool = aTool();
  await run(tool, ...argumentsOf(0, -1));
  let held = 0;
  const unread: Ended[] = [];
  for (let round = 0; round < rounds; round++) {
    let isOver = false;
    const reading = (async () => {
      const verbs = [
        ["report", "all", "--json"],
        ["history", "scenario-1"],
        ["compare", "latest", "latest"],
        ["resume"],
      ];
      for (let turn = 0; !isOver; turn++) {
        const ended = await run(tool, ...verbs[turn % verbs.length]!);
        if (ended.status !== 0) unread.push(ended);
      }
    })();
    held += equal(await inCrowd(() => tool, round), expected);
    isOver = true;
    await reading;
  }
  expect(unread).toEqual([]);
  const kept = recordsIn(await run(tool, "report", "all", "--json")).length - 1;
  const left = [...(await processesLeftIn(tool.directory)), ...draftsIn(tool)];
  expect(left).toEqual([]);
  const tried = crowd * rounds;
  const what = "local runs, 10 at once in one directory, while others read";
  tell({ what, tried, held, lost: tried - kept, left: left.length });
});

it("10 runs at once in ten directories", async () => {
  const expected = await expectedResults();
  const tools = Array.from({ length: crowd }, () => aTool());
  let held = 0;
  for (let round = 0; round < rounds; round++)
    held += equal(await inCrowd((number) => tools[number]!, round), expected);
  const left: string[] = [];
  for (const tool of tools) left.push(...(await processesLeftIn(tool.directory)), ...draftsIn(tool));
  expect(left).toEqual([]);
  tell({ what: "local runs, 10 at once in ten directories", tried: crowd * rounds, held, left: left.length });
});

it("10 runs at once over HTTP, against one server", async () => {
  const database = await openDatabase();
  const served = await serving(database.url);
  const tool = aTool(aPlace(served.endpoint, served.clockUrl, database.url).environment);
  let [held, kept] = [0, 0];
  const faults: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const members = Array.from({ length: crowd }, (_, number) =>
      // Together they reserve more than an account has at once, so that some have no reserved concurrency.
      run(
        tool,
        "run",
        number % 2 === 0 ? "scenario-5" : "scenario-1",
        "--events",
        "20",
        "--json",
        "--yes",
        "--run-id",
        `crowd-${round}-${number}`,
      ),
    );
    const listed = run(tool, "clean", "--json");
    for (const ended of await Promise.all(members)) {
      const { summary } = ended.stdout === "" ? { summary: null } : recordsIn(ended)[0]!;
      if (ended.status === 0 && summary?.eventsCompleted === 20 && summary.duplicates === 0) held++;
      else faults.push(`${ended.status} ${JSON.stringify(summary)} ${ended.stderr}`);
    }
    expect((await listed).status).toBe(0);
  }
  expect(faults).toEqual([]);
  kept = recordsIn(await run(tool, "report", "all", "--json")).length;
  const { Stacks = [] } = await served.cloudFormation.send(new DescribeStacksCommand({}));
  const left = [...Stacks.map(({ StackName }) => StackName!), ...draftsIn(tool)];
  expect(left).toEqual([]);
  const tried = crowd * rounds;
  tell({ what: "runs over HTTP, 10 at once against one server", tried, held, lost: tried - kept, left: left.length });
  await served.close();
  await database.close();
});
