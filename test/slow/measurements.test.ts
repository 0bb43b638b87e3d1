/** The model against the published measurements: one set of constants for all of them. */
import { beforeAll, describe, expect, it } from "vitest";
import { read, scoreTable, sections, tally, trust, withSection } from "../docs/sections.ts";
import { isHeld, type Score, scores } from "../measurements/score.ts";

let all: Score[];

beforeAll(async () => {
  all = await scores();
}, 1_200_000);

function scoreOf(experiment: string, figure: string): Score {
  return all.find((score) => score.experiment === experiment && score.figure === figure)!;
}

const table: [scenario: string, figure: string, tolerance: number][] = [
  ["scenario-1", "Time Taken", 0.2],
  ["scenario-1", "Max. Concurrency", 0.2],
  ["scenario-1", "Max. DB Inserts Per Second", 0.2],
  ["scenario-2", "Events Completed", 0],
  ["scenario-2", "Time Taken", 0.1],
  ["scenario-2", "Max. Concurrency", 0],
  ["scenario-3", "Events Completed", 0.05],
  ["scenario-3", "Time Taken", 0.1],
  ["scenario-4", "Events Completed", 0],
  ["scenario-4", "Time Taken", 0.12],
  ["scenario-5", "Events Completed", 0],
  ["scenario-5", "Time Taken", 0.05],
  ["scenario-5", "Max. Concurrency", 0],
  ["scenario-5", "Max. DB Inserts Per Second", 0],
  ...["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"].map(
    (scenario): [string, string, number] => [scenario, "Avg. DB Inserts Per Second", 0.03],
  ),
];

describe("the median of the seeds", () => {
  it.each(table)("is for %s within its tolerance of the published %s", (scenario, figure, tolerance) => {
    const { measured, modelled } = scoreOf(scenario, figure);
    expect(Math.abs(modelled! - measured)).toBeLessThanOrEqual(tolerance * measured);
  });

  it.each([
    ["fifth attempt", 16.65],
    ["sixth attempt", 32.79],
    ["seventh attempt", 67.93],
  ])("is within 5%% of the %s of one throttled asynchronous event", (figure, seconds) => {
    const { modelled } = scoreOf("One asynchronous event of a function that is throttled", figure);
    expect(Math.abs(modelled! / seconds - 1)).toBeLessThan(0.05);
  });

  it("starts 8.1 to 8.6 invocations of 2 s a second with a maximum concurrency of 20", () => {
    const { modelled } = scoreOf("MaximumConcurrency 20, 2 s of work, batch 1, no database", "invocations started");
    expect(modelled).toBeGreaterThanOrEqual(8.1);
    expect(modelled).toBeLessThanOrEqual(8.6);
  });

  it.each([1, 5, 10])("loses as much throughput by %s%% of errors as was measured, within 10 points", (percent) => {
    const { measured, modelled } = scoreOf(
      `${percent}% errors of a function of 50 ms with a backlog`,
      "throughput below the one without errors",
    );
    expect(Math.abs(modelled! - measured)).toBeLessThan(10);
  });
});

describe("the page of scores", () => {
  it("gives a reason for each measured figure that the model's ranges do not hold, and for no other", () => {
    const unexplained = all.filter((score) => isHeld(score) !== (score.unreached === null));
    expect(unexplained.map(({ experiment, figure, ranges }) => ({ experiment, figure, ranges }))).toEqual([]);
  });

  it.each([
    ["scores", scoreTable],
    ["tally", tally],
    ["trust", trust],
  ] as const)("says what the model scores in its %s; `npm run docs:slow` writes it", async (name, text) => {
    const section = { ...sections.find((section) => section.name === name)!, text: () => text(all) };
    const document = read(section.file);
    expect(await withSection(document, section)).toBe(document);
  });
});
