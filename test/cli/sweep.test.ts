/** `throttle-bench sweep`: bad values are refused before anything is simulated, refused cells are shown, and the same command goes on. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Sweep } from "../../src/simulation/sweep/sweep.ts";
import { aWorkplace, type Workplace } from "./throttle-bench.ts";

/** One thread is there sooner than two. */
const few = ["--events", "20", "--repeat", "2", "--workers", "1"];
const reserved = [
  "sweep",
  "scenario-4",
  "--set",
  "VisibilityTimeout=5,60..120:60",
  "--set",
  "ReservedConcurrency=1,2",
  ...few,
];

/** The text whatever its lines. */
const flat = (text: string) => text.replace(/\s+/g, " ");

const journals = (workplace: Workplace) => join(workplace.directory, ".throttle-bench/sweeps");

describe("a grid", () => {
  it.each<[string, string[], RegExp]>([
    ["without a list", ["--set", "WorkMs=1000"], /Nothing is swept; give a list of values/],
    [
      "with an unknown setting",
      ["--set", "VisibilityTimeot=1,2"],
      /no setting VisibilityTimeot; did you mean VisibilityTimeout\?/,
    ],
    ["without values", ["--set", "WorkMs"], /--set WorkMs gives no value/],
    [
      "with a value out of bounds",
      ["--set", "MaxReceiveCount=0,1"],
      /--set MaxReceiveCount=0 is out of bounds; scenario-4 takes 1 to 1000/,
    ],
    [
      "with a value that is none of those allowed",
      ["--set", "WhenRefused=throw,catch"],
      /--set WhenRefused=catch is out of bounds; .* throw, report, wait or return/,
    ],
    [
      "with a setting twice",
      ["--set", "WorkMs=1,2", "--set", "WorkMs=3"],
      /WorkMs is given twice; write all its values in one list/,
    ],
    ["with a range that counts down", ["--set", "WorkMs=20..10"], /counts down/],
    ["with no rate", ["--rate", "10/s,fast"], /--rate "fast" is no pace/],
    ["with an unknown number", ["--assume", "database.conectMs=1,2"], /did you mean database\.connectMs/],
    ["with an impossible number", ["--assume", "database.connectMs=1,-2"], /database\.connectMs=-2 is impossible/],
    ["with overlapping spikes", ["--every", "1s,30m", "--spikes", "2"], /the spikes would overlap/],
    [
      "of too many cells",
      ["--set", "WorkMs=1..1000", "--set", "VisibilityTimeout=10..1000"],
      /makes 991,000 cells, and a sweep takes 10,000 at most/,
    ],
    [
      "of too many simulations",
      ["--set", "WorkMs=1..500", "--repeat", "1000"],
      /500,000 simulations \(500 cells × 1000 seeds\), and a sweep takes 100,000 at most/,
    ],
    [
      "of too many events",
      ["--events", "1,1000000", "--repeat", "1000"],
      /events in all, and a sweep takes 1,000,000,000 at most/,
    ],
    [
      "that AWS would refuse as a whole",
      ["--set", "VisibilityTimeout=1,2"],
      /AWS would refuse all 2 cells; of the first: .*less than Function timeout/,
    ],
    ["with an unknown figure", ["--set", "WorkMs=1,2", "--figure", "speed"], /--figure "speed" is no figure/],
  ])("%s is refused, and nothing is touched", async (_, args, why) => {
    const workplace = aWorkplace();
    const { status, stderr } = await workplace.run("sweep", "scenario-4", ...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(why) });
    expect(workplace.files()).toEqual([]);
  });
});

describe("a sweep", () => {
  it("says beforehand how much it is, shows the cells that AWS would refuse, and judges the others", async () => {
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.run(...reserved);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "6 cells (VisibilityTimeout 3 × ReservedConcurrency 2), of which AWS would refuse 2; with 2 seeds each, 8 simulations.",
    );
    expect(stderr).toMatch(
      /Each is kept in \.throttle-bench\/sweeps\/sqs-reserved-1-[0-9a-f]{12}\.jsonl; the same command goes on/,
    );
    expect(flat(stdout)).toMatch(
      / Keeps 1\/s and loses nothing in 2 of 6 cells; the fastest is VisibilityTimeout=\d+ ReservedConcurrency=1: /,
    );
    expect(stdout).toMatch(/^ +5 +— +— *$/m);
    expect(flat(stdout)).toMatch(/AWS would refuse 2 cells: .*raise VisibilityTimeout to at least 10/);
    expect(stdout).toContain("PREDICTION (local, platform 2026, seeds 1-2)");
  });

  it("has of each cell what a run with the same settings and seed has", async () => {
    const workplace = aWorkplace();
    const sweep = await workplace.run(...reserved, "--json");
    const { cells } = JSON.parse(sweep.stdout) as Sweep;
    const cell = cells.find(({ values }) => values.join() === "60,2")!;
    const run = await workplace.run(
      ...["list", "--compare", "scenario-4", "--json", ...few],
      ...["--set", "VisibilityTimeout=60", "--set", "ReservedConcurrency=2"],
    );
    // list --compare draws the unpublished numbers, so that only what they do not decide is compared.
    const [way] = JSON.parse(run.stdout);
    expect(cell.verdict!.limit!.limit).toBe(way.verdict.limit.limit);
    expect(cell.figures!.lost).toEqual(way.figures.lost);
    expect(cell.events).toBe(20);
  });

  it("takes what it knows from its journal, whichever lines are left of that, and prints the same, byte for byte", async () => {
    const workplace = aWorkplace();
    const formats = ["--csv", "--html", "sweep.html", "--svg", "sweep.svg"];
    const outputs = async () => {
      const { stdout, stderr, status } = await workplace.run(...reserved, ...formats);
      expect(status).toBe(0);
      return {
        stderr,
        all: [
          stdout,
          ...["sweep.html", "sweep.svg"].map((file) => readFileSync(join(workplace.directory, file), "utf8")),
        ],
      };
    };
    const first = await outputs();
    const [file] = readdirSync(journals(workplace));
    const path = join(journals(workplace), file!);
    const lines = readFileSync(path, "utf8").split("\n");
    expect(lines).toHaveLength(8 + 1);
    // As a kill leaves it: some lines, and the beginning of another.
    writeFileSync(path, `${lines.slice(0, 3).join("\n")}\n${lines[3]!.slice(0, 70)}`);
    const second = await outputs();
    expect(second.stderr).toContain(
      `Takes 3 of 8 from .throttle-bench/sweeps/${file} and simulates the other 5; --fresh begins anew.`,
    );
    expect(second.all).toEqual(first.all);
    const third = await outputs();
    expect(third.stderr).toContain("Takes 8 of 8 from");
    expect(third.all).toEqual(first.all);
    appendFileSync(path, "rubbish\n");
    const fresh = await workplace.run(...reserved, "--fresh", "--csv");
    expect(fresh.stderr).not.toContain("Takes");
    expect(fresh.stdout).toBe(first.all[0]);
  });

  it("sweeps the burst and the model's numbers, too", async () => {
    const workplace = aWorkplace();
    const { stdout, stderr } = await workplace.run(
      ...["sweep", "sqs-reserved-1", "--rate", "10/s,max", "--for", "2s", "--assume", "database.connectMs=20,400"],
      ...["--repeat", "1", "--workers", "1", "--json"],
    );
    // As fast as it can says nothing of how many there are.
    expect(stderr).toContain("counts the events by their pace");
    expect(stdout).toBe("");
    const swept = await workplace.run(
      ...["sweep", "sqs-reserved-1", "--rate", "10/s,5/s", "--for", "2s", "--assume", "database.connectMs=20,400"],
      ...["--repeat", "1", "--workers", "1", "--json"],
    );
    const { cells, axes } = JSON.parse(swept.stdout) as Sweep;
    expect(axes.map(({ of, name }) => [of, name])).toEqual([
      ["burst", "rate"],
      ["number", "database.connectMs"],
    ]);
    expect(
      cells.map(({ values, events, settings, assumptions }) => [values, events, settings.PublishRate, assumptions]),
    ).toEqual([
      [["10/s", "20"], 20, "10", { "database.connectMs": 20 }],
      [["10/s", "400"], 20, "10", { "database.connectMs": 400 }],
      [["5/s", "20"], 10, "5", { "database.connectMs": 20 }],
      [["5/s", "400"], 10, "5", { "database.connectMs": 400 }],
    ]);
    const wait = (cell: number) => cells[cell]!.figures!.waitP50Ms!.median;
    expect(wait(1)).toBeGreaterThan(wait(0));
  });

  it("ends with status 1 where what was asked for is kept by no cell, and says how near they come", async () => {
    const workplace = aWorkplace();
    const args = ["sweep", "scenario-4", "--set", "VisibilityTimeout=60,120", ...few];
    const impatient = await workplace.run(...args, "--max-wait", "5s");
    expect(impatient.status).toBe(1);
    expect(flat(impatient.stdout)).toMatch(
      /No cell of 2 keeps 1\/s, loses nothing and lets no event wait longer than 5 s\. The nearest is /,
    );
    const patient = await workplace.run(...args, "--max-wait", "5m");
    expect(patient.status).toBe(0);
    // The verdict is made of what is kept: nothing is simulated again.
    expect(patient.stderr).toContain("Takes 4 of 4");
  });

  it("shows a cell whose stack the model of AWS would not make as refused, and goes on", async () => {
    const workplace = aWorkplace();
    const { status, stdout } = await workplace.run("sweep", "scenario-4", "--set", "ReservedConcurrency=1,901", ...few);
    expect(status).toBe(0);
    expect(flat(stdout)).toMatch(/ Keeps 1\/s and loses nothing in 1 of 2 cells; /);
    expect(flat(stdout)).toMatch(/AWS would refuse one cell: ConsumerFunction .*minimum value of \[100\]/);
  });
});
