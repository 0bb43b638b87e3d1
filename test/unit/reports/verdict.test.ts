/** The words of a verdict. */
import { describe, expect, it } from "vitest";
import type { LimitVerdict, RunVerdict } from "../../../src/model.ts";
import { verdictNote, verdictParts, verdictText } from "../../../src/reports/verdict.ts";

const exactly = (value: number) => ({ atLeast: value, atMost: value });

const kept: LimitVerdict = {
  limit: "1/s",
  toleranceMs: 100,
  origin: "scenario",
  status: "kept",
  exceededIn: 0,
  exceededSeconds: exactly(0),
  peak: exactly(1),
  unseenCalls: 0,
};
const exceeded: LimitVerdict = {
  ...kept,
  status: "exceeded",
  exceededIn: 1,
  exceededSeconds: exactly(412),
  peak: exactly(6),
};
const noLoss = { totalEvents: 1_000, failed: 0, missing: 0, lostIn: 0, allowed: null, brokenIn: 0 };
const drained = { drainedIn: 1, timeTakenSeconds: 1_450, oldestMs: 1_382_000, allowedMs: null, brokenIn: 0 };
const aVerdict = (rest: Partial<RunVerdict> = {}): RunVerdict => ({
  runs: 1,
  limit: kept,
  loss: noLoss,
  wait: drained,
  spikes: null,
  broken: [],
  claims: [],
  ...rest,
});
const partOf = (about: string, rest: Partial<RunVerdict>) =>
  verdictParts(aVerdict(rest)).find((part) => part.about === about);

describe("the words of a verdict", () => {
  it("are one sentence: the limit, the loss, the wait", () => {
    expect(verdictText(aVerdict())).toBe(
      "Limit 1/s kept, peak 1 call in one second; no event lost; drained in 24 min 10 s, oldest waited 23 min 2 s.",
    );
  });

  it.each<[text: string, limit: LimitVerdict, runs?: number]>([
    ["limit 1/s exceeded in 412 seconds, peak 6 calls in one second", exceeded],
    [
      "limit 30/m exceeded in 1 second, peak 31 calls in one minute",
      { ...exceeded, limit: "30/m", exceededSeconds: exactly(1), peak: exactly(31) },
    ],
    [
      "limit 0.5/s exceeded in 3 to 5 seconds, peak 2 to 4 calls in 2 s",
      { ...exceeded, limit: "0.5/s", exceededSeconds: { atLeast: 3, atMost: 5 }, peak: { atLeast: 2, atMost: 4 } },
    ],
    [
      "limit 1/s exceeded in 7 of 20 runs, in up to 412 seconds, peak 6 calls in one second",
      { ...exceeded, exceededIn: 7 },
      20,
    ],
    [
      "limit 1/s cannot be judged, because the record does not keep the calls",
      { ...kept, status: "unknown", exceededSeconds: null, peak: null },
    ],
    [
      "limit 1/s cannot be judged exactly from the record: exceeded in 0 to 5 seconds",
      { ...kept, status: "unknown", exceededSeconds: { atLeast: 0, atMost: 5 } },
    ],
  ])("say %s", (text, limit, runs = 1) => {
    expect(partOf("limit", { limit, runs })).toMatchObject({ text });
  });

  it.each<[text: string, tone: string, loss: Partial<RunVerdict["loss"]>, runs?: number]>([
    ["no event lost", "good", {}],
    ["lost 105 of 1000 events (dead-lettered)", "bad", { failed: 105, lostIn: 1 }],
    ["lost 12 of 1000 events (10 dead-lettered, 2 missing)", "bad", { failed: 10, missing: 2, lostIn: 1 }],
    [
      "lost 5 of 1000 events (missing), more than the 0 allowed",
      "bad",
      { missing: 5, lostIn: 1, allowed: { amount: 0 }, brokenIn: 1 },
    ],
    [
      "lost 5 of 1000 events (dead-lettered), within the 1% allowed",
      "good",
      { failed: 5, lostIn: 1, allowed: { share: 0.01 } },
    ],
    [
      "events lost in 3 of 20 runs, at most 5 of 1000 events (dead-lettered), more than the 4 allowed in 2 of 20 runs",
      "bad",
      { failed: 5, lostIn: 3, allowed: { amount: 4 }, brokenIn: 2 },
      20,
    ],
  ])("say %s", (text, tone, loss, runs = 1) => {
    expect(partOf("loss", { loss: { ...noLoss, ...loss }, runs })).toEqual({ about: "loss", text, tone });
  });

  it.each<[text: string, tone: string | undefined, wait: Partial<RunVerdict["wait"]>, runs?: number]>([
    ["drained in 58.7 s, oldest waited 850 ms", undefined, { timeTakenSeconds: 58.7, oldestMs: 850 }],
    [
      "drained in 24 min 10 s, oldest waited 23 min 2 s, longer than the 10 min allowed",
      "bad",
      { allowedMs: 600_000, brokenIn: 1 },
    ],
    ["drained in 24 min 10 s, oldest waited 23 min 2 s, within the 1 h allowed", "good", { allowedMs: 3_600_000 }],
    ["not drained, oldest waited 23 min 2 s", undefined, { drainedIn: 0 }],
    ["nothing completed", undefined, { timeTakenSeconds: null, oldestMs: null }],
    ["drained in at most 24 min 10 s, oldest waited at most 23 min 2 s", undefined, { drainedIn: 20 }, 20],
    ["not drained in 2 of 20 runs, oldest waited at most 23 min 2 s", undefined, { drainedIn: 18 }, 20],
  ])("say %s", (text, tone, wait, runs = 1) => {
    expect(partOf("wait", { wait: { ...drained, ...wait }, runs })).toEqual({
      about: "wait",
      text,
      ...(tone && { tone }),
    });
  });

  it("leave a limit out that nobody knows, and say how to give one", () => {
    expect(verdictText(aVerdict({ limit: null }))).toMatch(/^No event lost; drained/);
    expect(verdictNote(aVerdict({ limit: null }))).toContain("--limit 1/s");
  });

  it("say whose the limit is, its tolerance, and which calls are not known", () => {
    const note = (limit: Partial<LimitVerdict>, runs = 1) =>
      verdictNote(aVerdict({ limit: { ...kept, ...limit }, runs }));
    expect(note({})).toBe("The limit is the scenario's own (--limit sets yours), with a tolerance of 100 ms.");
    expect(note({ origin: "flag", toleranceMs: 0 })).toBe("The limit was given by --limit, judged strictly.");
    expect(note({ origin: "setting", unseenCalls: 3 })).toBe(
      "The limit is that of the setting DownstreamLimit, with a tolerance of 100 ms. The calls are those that left a row; invocations that failed may have made up to 3 more.",
    );
    expect(note({ origin: "configuration", unseenCalls: null }, 2)).toContain(
      "invocations that failed of all runs may have made more",
    );
  });
});

describe("the words of claims", () => {
  const held = { status: "held", brokenIn: 0, most: 0 } as const;
  const broken = { status: "broken", brokenIn: 1, most: 3 } as const;

  it("are one short part when all hold, without what the answers before have said", () => {
    const claims: RunVerdict["claims"] = [
      { claim: "loses-nothing", ...held },
      { claim: "keeps-limit", ...held },
      { claim: "keeps-order", ...held },
      { claim: "no-duplicates", ...held },
    ];
    expect(verdictText(aVerdict({ claims }))).toMatch(/; as claimed: keeps order, no duplicates\.$/);
    expect(partOf("claims", { claims })).toMatchObject({ tone: "good" });
    expect(partOf("claims", { claims: claims.slice(0, 2) })).toBeUndefined();
  });

  it("name a broken one with its figure, in how many runs, and which others hold", () => {
    const claims: RunVerdict["claims"] = [
      { claim: "no-duplicates", ...held },
      { claim: "keeps-order", ...broken },
    ];
    expect(partOf("keeps-order", { claims })).toEqual({
      about: "keeps-order",
      text: "breaks its claim to keep order (3 events out of order)",
      tone: "bad",
    });
    expect(partOf("claims", { claims })!.text).toBe("its other claims hold: no duplicates");
    expect(partOf("keeps-order", { claims, runs: 20 })!.text).toBe(
      "breaks its claim to keep order in 1 of 20 runs (at most 3 events out of order)",
    );
  });

  it("stand with the answer that breaks them, so that nothing is said twice", () => {
    const claims: RunVerdict["claims"] = [{ claim: "loses-nothing", status: "broken", brokenIn: 1, most: 3 }];
    const parts = verdictParts(aVerdict({ claims }));
    expect(parts.find(({ about }) => about === "loss")!.text).toMatch(/, against its claim$/);
    expect(parts.map(({ about }) => about)).not.toContain("loses-nothing");
  });

  it("say what cannot be told", () => {
    const claims: RunVerdict["claims"] = [{ claim: "no-throttles", status: "unknown", brokenIn: 0, most: null }];
    expect(partOf("claims", { claims })).toEqual({ about: "claims", text: "claimed, but not known: no throttles" });
  });

  it("are none for a scenario that claims nothing, and for a record that does not say", () => {
    expect(verdictText(aVerdict({ claims: [] }))).not.toContain("claim");
    expect(verdictText(aVerdict({ claims: null }))).not.toContain("claim");
  });
});

describe("the words about spikes", () => {
  const textOf = (spikes: Partial<NonNullable<RunVerdict["spikes"]>>, runs = 1) =>
    partOf("spikes", {
      runs,
      spikes: { count: 3, everyMs: 600_000, reachedIn: 0, waiting: [0, 0, 0], spareMs: 480_000, ...spikes },
    });

  it("say by how much each is drained before the next", () => {
    expect(textOf({})).toMatchObject({ text: "each spike is drained before the next, 8 min to spare", tone: "good" });
    expect(textOf({ count: 1, waiting: [0] })!.text).toBe("drained before the next spike would come, 8 min to spare");
  });

  it("say how many still waited, whether it grows, and in how many runs", () => {
    const reached = { reachedIn: 1, spareMs: null };
    expect(textOf({ ...reached, waiting: [412, 824, 1_236] })).toMatchObject({
      text: "the backlog of a spike reaches the next: 412 events still waited when spike 2 began, 824 at spike 3, 1,236 when another was due: it grows",
      tone: "bad",
    });
    expect(textOf({ ...reached, waiting: [0, 1, 0] })!.text).toBe(
      "the backlog of a spike reaches the next: 1 event still waited when spike 3 began",
    );
    expect(textOf({ ...reached, waiting: [10, 20, 30, 40, 50, 60], count: 6 })!.text).toContain(
      "10 events still waited when spike 2 began, 20 at spike 3, …, 60 when another was due: it grows",
    );
    expect(textOf({ ...reached, waiting: [453], count: 1 })!.text).toBe(
      "the backlog would reach the next spike: 453 events still waited when the next was due",
    );
    expect(textOf({ ...reached, waiting: [3, 4, 3] }, 20)!.text).toMatch(/3 when another was due in 1 of 20 runs$/);
  });

  it("say that it is not known where events left no row", () => {
    expect(textOf({ spareMs: null, waiting: [null, 0, 0] })!.text).toMatch(/^whether .* is not known/);
  });
});
