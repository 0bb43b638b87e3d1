/** No change of a candidate is left that it holds without. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Entry, entryOf, ownWayOf } from "../../../../src/simulation/search/entries.ts";
import { changesOf, withLeastChanges } from "../../../../src/simulation/search/least-changes.ts";
import { poolOf } from "../../../../src/simulation/search/pool.ts";
import { shapesOf } from "../../../../src/simulation/search/shapes.ts";
import { lift } from "../../../../src/systems/lift.ts";
import { aQueuePath, aSystem } from "../../systems/a-system.ts";
import { aQuestion } from "./a-question.ts";

const { scenario } = lift(aSystem(aQueuePath({ queue: "VisibilityTimeout: 180", mapping: "BatchSize: 5" })));
const way = ownWayOf(scenario)!;
const question = aQuestion({ named: [{ way: scenario.name, settings: {} }] });
const changed = {
  VisibilityTimeout: "900",
  BatchSize: "1",
  MaximumConcurrency: "2",
  ReservedConcurrency: "3",
  ConsumerTimeout: "60",
};
const names = Object.keys(changed);

const candidate = (settings: Record<string, string>) => entryOf(way, { ...way.own, ...settings }, {}, "search");
const namesIn = (entry: Entry) => changesOf(entry, way, question).map(({ name }) => name);

describe("The changes of a candidate", () => {
  it("are told with the template's own value, and what the question decides is none of them", () => {
    const entry = candidate({ BatchSize: "1", WorkMs: "700", PublishRate: "9" });
    expect(changesOf(entry, way, question)).toEqual([{ name: "BatchSize", value: "1", own: "5" }]);
  });

  it("are set back as far as it holds without them, whatever each needs of the others", async () => {
    const sets = fc.uniqueArray(fc.subarray(names), { selector: (set) => set.join() });
    await fc.assert(
      fc.asyncProperty(sets, async (holding) => {
        const whole = candidate(changed);
        const holds = (set: string[]) =>
          set.length === names.length || holding.some((each) => each.join() === set.join());
        const inOrder = (entry: Entry) => names.filter((name) => namesIn(entry).includes(name));
        let asked = 0;
        const least = await withLeastChanges(whole, way, question, async (entry) => {
          asked++;
          return holds(inOrder(entry));
        });
        const left = inOrder(least);
        expect(holds(left)).toBe(true);
        for (const name of left) expect(holds(left.filter((each) => each !== name))).toBe(false);
        expect(asked).toBeLessThanOrEqual((names.length * (names.length + 1)) / 2);
        for (const name of left) expect(least.settings[name]).toBe(changed[name as keyof typeof changed]);
      }),
    );
  });

  it("leave the design, too, so that a candidate is what its settings are", async () => {
    const whole = entryOf(way, { ...way.own, ...changed }, { reserved: "3", maximumConcurrency: "2" }, "search");
    const least = await withLeastChanges(whole, way, question, async () => true);
    expect(least).toMatchObject({ settings: way.own, design: {}, origin: "search" });
  });
});

describe("The pool of a question about somebody's own way", () => {
  const { given } = poolOf(question, shapesOf([scenario]), 20);

  it("has it as it is, under its own name and as the user's", () => {
    expect(given.filter(({ origin }) => origin === "user").map(namesIn)).toEqual([[]]);
  });

  it("has each throttle of it changed alone, once, and nothing else", () => {
    const alone = given.filter(({ origin }) => origin === "search");
    const throttles = new Set(["ReservedConcurrency", "MaximumConcurrency"]);
    expect(alone.length).toBeGreaterThan(1);
    for (const entry of alone) expect(namesIn(entry).filter((name) => !throttles.has(name))).toEqual([]);
    expect(new Set(alone.flatMap(namesIn))).toEqual(throttles);
    expect(new Set(alone.map(({ key }) => key)).size).toBe(alone.length);
  });

  it("has no such candidates of a way that nobody named", () => {
    const others = poolOf(aQuestion(), shapesOf([scenario]), 20).given;
    expect(others.map(({ origin }) => origin)).toEqual(["template"]);
  });
});
