/** A burst that comes several times: each spike at its time, and the backlog of one in the next as theory has it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { BegunSpike, RunRecord, SpikeFigures, Spikes } from "../../src/model.ts";
import type { Journal, StepAnswer } from "../../src/records/journal.ts";
import { noJournal } from "../../src/records/journal.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";

const minute = 60_000;
const model = { platform: "2026", profile: null, ranges: false, seed: 3, constants: {} } as const;

/** `events`: of one spike. */
async function simulated(way: string, events: number, spikes: Spikes, set: string[] = [], seed: number = model.seed) {
  const scenario = findScenario(way);
  const request = aRequest(scenario, { runId: "spikes", events: events * spikes.count, spikes, set });
  return simulateRecord({ request, model: { ...model, seed } });
}

const spikesIn = ({ details }: RunRecord): SpikeFigures[] => details.spikes!.each;

describe("spikes that are far apart", () => {
  it("are each drained as a single one is, whatever it holds and however often it comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4 }), async (events, count) => {
        const { summary, verdict, burst, details } = await simulated("sqs-reserved-1", events, {
          count,
          everyMs: 5 * minute,
        });
        expect(summary).toMatchObject({ totalEvents: events * count, eventsCompleted: events * count, duplicates: 0 });
        expect(burst.shards.map(({ firstId, published }) => [firstId, published])).toEqual(
          Array.from({ length: count }, (_, spike) => [spike * events + 1, events]),
        );
        expect(verdict!.spikes).toMatchObject({ count, reachedIn: 0, waiting: Array(count).fill(0) });
        for (const [spike, { beganMs, lost, drainedMs, spareMs }] of details.spikes!.each.entries()) {
          expect({ beganMs, lost }).toEqual({ beganMs: spike * 5 * minute, lost: 0 });
          // One at a time, and each takes a second and little more.
          expect(drainedMs).toBeGreaterThanOrEqual(1_000 * events);
          expect(drainedMs).toBeLessThan(1_250 * events + 5_000);
          expect(spareMs).toBe(5 * minute - drainedMs!);
        }
      }),
      { numRuns: 5, seed: 14 },
    );
  });

  it("are published in several shards each, at the pace of one", async () => {
    const set = ["PublishRate=400", "WorkMs=0", "BatchSize=10"];
    const { burst, details, summary } = await simulated("sqs-reserved-5", 800, { count: 3, everyMs: 5 * minute }, set);
    expect(burst.shards.map(({ firstId, stride }) => [firstId, stride])).toEqual(
      [1, 2, 3, 801, 802, 803, 1_601, 1_602, 1_603].map((firstId) => [firstId, 3]),
    );
    expect(summary).toMatchObject({ eventsCompleted: 2_400, eventsMissing: 0 });
    expect(details.spikes!.each.map(({ beganMs }) => beganMs)).toEqual([0, 5 * minute, 10 * minute]);
  });

  it("are not taken for over in the quiet between them", async () => {
    const { outcome, summary } = await simulated("sns-reserved-1", 2, { count: 3, everyMs: 120 * minute });
    expect({ outcome, ...summary }).toMatchObject({ outcome: "drained", totalEvents: 6, eventsMissing: 0 });
  });
});

describe("spikes that are close together", () => {
  it("grow a backlog by what a spike brings beyond what is drained between two", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 120, max: 200 }), fc.integer({ min: 1, max: 1_000 }), async (events, seed) => {
        const set = ["WorkMs=1000", "VisibilityTimeout=600"];
        const record = await simulated("fifo-one-group", events, { count: 4, everyMs: minute }, set, seed);
        expect(record.summary.eventsMissing).toBe(0);
        const waiting = spikesIn(record).map(({ waitingAtNext }) => waitingAtNext!);
        const [first] = waiting as [number];
        // An event takes 1.0 to 1.2 s with all that is around it, so that 50 to 60 are drained in a minute.
        expect(first).toBeGreaterThanOrEqual(events - 61);
        expect(first).toBeLessThanOrEqual(events - 48);
        for (const [index, count] of waiting.entries()) {
          expect(Math.abs(count - first * (index + 1))).toBeLessThanOrEqual(4 * (index + 1));
        }
        expect(record.verdict!.spikes).toMatchObject({ reachedIn: 1, waiting, spareMs: null });
        const oldest = spikesIn(record).map(({ oldestWaitMs }) => oldestWaitMs!);
        expect(oldest).toEqual(oldest.toSorted((one, other) => one - other));
      }),
      { numRuns: 3, seed: 14 },
    );
  });

  it("have the figures of their own events alone, and those of all of them in the run's", async () => {
    const record = await simulated("sqs-reserved-1-short", 60, { count: 3, everyMs: minute });
    const each = spikesIn(record);
    const { eventsCompleted, eventsMissing, eventsFailed } = record.summary;
    expect(each.reduce((sum, { lost }) => sum + lost, 0)).toBe(eventsFailed + eventsMissing);
    expect(eventsCompleted + eventsFailed).toBe(180);
    expect(Math.max(...each.map(({ oldestWaitMs }) => oldestWaitMs!))).toBe(record.details.waitMs!.oldest);
  });
});

it("costs a month of spikes as often as they come, also where it is fired once", async () => {
  const monthOf = async (spikes: Spikes | undefined) => {
    const events = 300 * (spikes?.count ?? 1);
    const request = aRequest(findScenario("sqs-reserved-1"), { runId: "spikes", events, spikes });
    const { cost } = await simulateRecord({ request, model });
    return cost!.month! - cost!.idleMonth;
  };
  const daily = await monthOf(undefined);
  const hourly = await monthOf({ count: 1, everyMs: 60 * minute });
  const threeHourly = await monthOf({ count: 3, everyMs: 60 * minute });
  expect(daily).toBeGreaterThan(0);
  // A month has 30 of the one, and 24 times as many of the other.
  expect(hourly / daily).toBeGreaterThan(23);
  expect(hourly / daily).toBeLessThan(25);
  // Between spikes the poller goes on to poll, which a single burst does not wait for.
  expect(threeHourly).toBeGreaterThanOrEqual(hourly);
});

describe("a run that is gone on with", () => {
  /** The journal of a process that ends before spike `last`. */
  async function interrupted(last: number, pauseMs: number) {
    const target = await openLocal({ ...model, databaseUrl: null });
    try {
      const scenario = findScenario("sqs-reserved-5");
      const spikes = { count: 4, everyMs: 5 * minute };
      const request = aRequest(scenario, { runId: "spikes", events: 80, spikes, keep: true });
      const noted: BegunSpike[] = [];
      let deployed: StepAnswer<"deploy"> | null = null;
      const ending: Journal = {
        step: async (name, work) => {
          const answer = await work();
          if (name === "deploy") deployed = answer as StepAnswer<"deploy">;
          return answer;
        },
        spikes: {
          begun: [],
          begin: async (spike) => {
            if (spike.spike === last) throw new Error("The process ended.");
            noted.push(spike);
          },
        },
      };
      await expect(bench(target, request, aContext({ journal: ending }))).rejects.toThrow("The process ended.");
      await target.clock.sleep(pauseMs, new AbortController().signal);
      const resumed: BegunSpike[] = [];
      const goingOn: Journal = {
        step: (name, work, unanswered) =>
          name === "deploy" ? Promise.resolve(deployed as never) : (unanswered ?? work)(),
        spikes: { begun: noted, begin: async (spike) => void resumed.push(spike) },
      };
      const record = await bench(target, request, aContext({ journal: goingOn }));
      return { record, noted, resumed };
    } finally {
      await target.close();
    }
  }

  it("fires the spikes that had not begun, at their times, and no other again", async () => {
    const { record, noted, resumed } = await interrupted(3, 0);
    expect([...noted, ...resumed].map(({ spike }) => spike)).toEqual([1, 2, 3, 4]);
    expect(record.summary).toMatchObject({ totalEvents: 80, eventsCompleted: 80, duplicates: 0 });
    // The reports of the first two were taken by the process that ended: of these the rows alone tell.
    expect(record.burst.shards.map(({ published }) => published)).toEqual([null, null, 20, 20]);
    const [, second, third, fourth] = spikesIn(record).map(({ beganMs }) => beganMs!);
    expect(second).toBe(5 * minute);
    // It was to be fired in the moment in which the process ended, and is as soon as that is known.
    expect(third! - 10 * minute).toBeLessThan(3_000);
    expect(fourth! - third!).toBe(5 * minute);
  });

  it("fires later what it has no longer the time for, and keeps the time between the rest", async () => {
    const { record } = await interrupted(3, 25 * minute);
    expect(record.summary).toMatchObject({ eventsCompleted: 80, duplicates: 0 });
    const [, second, third, fourth] = spikesIn(record).map(({ beganMs }) => beganMs!);
    expect(second).toBe(5 * minute);
    expect(third! - 2 * 5 * minute).toBeGreaterThan(24 * minute);
    expect(fourth! - third!).toBe(5 * minute);
  });

  it("fires every spike where none had begun", async () => {
    const { record, noted, resumed } = await interrupted(1, minute);
    expect([noted.length, resumed.length]).toEqual([0, 4]);
    expect(record.summary).toMatchObject({ eventsCompleted: 80, duplicates: 0 });
  });
});

it("is one burst as ever where nobody says that it comes again", async () => {
  const request = aRequest(findScenario("sqs-reserved-5"), { runId: "spikes", events: 20 });
  const record = await simulateRecord({ request, model });
  expect(record.details.spikes).toBeNull();
  expect(record.verdict!.spikes).toBeNull();
  expect(noJournal.spikes.begun).toEqual([]);
});
