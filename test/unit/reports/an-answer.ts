/** Answers to start a test from: one in which a way holds, and one in which nothing does. */
import type { Interval } from "../../../src/model.ts";
import type {
  Answer,
  Candidate,
  CandidateFigures,
  Demand,
  DemandVerdict,
  Family,
} from "../../../src/simulation/search/answer.ts";
import { efforts, type Question } from "../../../src/simulation/search/question.ts";

export const aQuestion: Question = {
  limit: "1/s",
  toleranceMs: 100,
  spike: { rate: 50, durationMs: 20_000 },
  everyMs: null,
  workMs: { from: 1_000, to: 1_000 },
  maxWaitMs: 1_800_000,
  maxLoss: { amount: 0 },
  order: null,
  duplicatesTolerated: true,
  failureRate: 0,
  budgetDollars: null,
  accountConcurrency: null,
  named: [],
  model: { platform: "2026", seed: 1, profile: null, constants: {} },
  effort: efforts.normal,
};

interface Given extends Partial<Record<keyof CandidateFigures, number | Interval | null>> {
  way?: string;
  title?: string;
  changed?: [name: string, value: string, own: string][];
  runs?: number;
  brokenIn?: Partial<Record<Demand, number>>;
  sentence?: string;
  isOnFrontier?: boolean;
}

const ordinary: Record<keyof CandidateFigures, number | null> = {
  peakCalls: 1,
  lost: 0,
  waitOldestMs: 1_140_000,
  waitP95Ms: 1_080_000,
  drainedMs: 1_160_000,
  costPerMonth: 0.4,
  costPerMillionEvents: 4.85,
  throttles: 0,
  outOfOrder: 0,
  duplicates: 0,
  maxConcurrency: 1,
};

export function aCandidate(id: string, given: Given = {}): Candidate {
  const {
    way = "fifo-one-group",
    title = "a way",
    changed = [],
    runs = 200,
    brokenIn = {},
    isOnFrontier = false,
  } = given;
  const interval = (value: number | Interval | null) =>
    typeof value === "number" ? { median: value, low: value, high: value } : value;
  const figures = Object.fromEntries(
    Object.entries(ordinary).map(([name, value]) => [name, interval(given[name as keyof CandidateFigures] ?? value)]),
  ) as unknown as CandidateFigures;
  const demands = (["limit", "loss", "wait"] as const).map((demand): DemandVerdict => {
    const broken = brokenIn[demand] ?? 0;
    const brokenShareAtMost = Math.min(1, (broken + 3) / runs);
    return {
      demand,
      brokenIn: broken,
      of: runs,
      brokenShareAtMost,
      confidence: `${broken} of ${runs}`,
      sentence: `${demand} broken in ${broken} of ${runs} runs`,
    };
  });
  const mostBroken = Math.max(...demands.map((demand) => demand.brokenIn));
  return {
    id,
    way: { name: way, alias: null, title, topology: ["SNS", "SQS", "Lambda"], whenToUse: null },
    origin: "search",
    settings: {
      WorkMs: "1000",
      PublishRate: "50",
      BatchSize: "1",
      ...Object.fromEntries(changed.map(([name, value]) => [name, value])),
    },
    changed: changed.map(([name, value, own]) => ({ name, value, own })),
    standing: mostBroken === 0 ? "keeps" : mostBroken < 0.1 * runs ? "doubtful" : "breaks",
    sentence: given.sentence ?? "keeps all that was asked.",
    caveat: null,
    demands,
    figures,
    movingParts: { count: 3, names: ["SNS", "SQS", "Lambda"] },
    runs,
    isFinalist: runs === 200,
    isOnFrontier,
  };
}

function aFamily(way: string, standing: Family["standing"], best: string | null, reason: string): Family {
  const name = { name: way, alias: null, title: way, topology: ["Lambda"], whenToUse: null };
  return { way: name, standing, best, reason, pruned: 12, simulated: best === null ? 0 : 8 };
}

/** FIFO with one group holds, a reservation is in doubt, and what does not throttle breaks the limit. */
export function anAnswer(given: Partial<Answer> = {}): Answer {
  const candidates = [
    aCandidate("c7", { title: "SNS FIFO to SQS FIFO to Lambda, one message group", isOnFrontier: true }),
    aCandidate("c2", {
      way: "scenario-4",
      title: "SNS to SQS to Lambda, reserved concurrency 1",
      changed: [
        ["VisibilityTimeout", "300", "30"],
        ["MaxReceiveCount", "1000", "5"],
      ],
      brokenIn: { loss: 3 },
      lost: { median: 0, low: 0, high: 2 },
      waitOldestMs: { median: 1_300_000, low: 1_150_000, high: 1_650_000 },
      costPerMonth: 0.38,
      isOnFrontier: true,
    }),
    aCandidate("c9", {
      way: "single-instance-held",
      title: "SQS to one Lambda that holds",
      changed: [["HoldMs", "1050", "0"]],
      waitOldestMs: 1_210_000,
      costPerMonth: 0.55,
    }),
    aCandidate("c1", {
      way: "scenario-1",
      title: "SNS to Lambda",
      runs: 20,
      brokenIn: { limit: 20 },
      peakCalls: 57,
      waitOldestMs: 400,
      costPerMonth: 0.31,
      sentence: "breaks the limit in 20 of 20 runs: 57 calls in one second.",
      isOnFrontier: true,
    }),
  ];
  return {
    question: aQuestion,
    events: 1_000,
    candidates,
    families: [
      aFamily("fifo-one-group", "keeps", "c7", ""),
      aFamily("scenario-4", "doubtful", "c2", "Loses up to 2 events in 3 of 200 runs."),
      aFamily(
        "single-instance-held",
        "keeps",
        "c9",
        "Holds, too, and costs 0.55 USD a month where the first costs 0.40.",
      ),
      aFamily("scenario-1", "breaks", "c1", "Makes 57 calls in one second: over your 1/s."),
      aFamily(
        "maximum-concurrency-2",
        "out",
        null,
        "Two at a time with 1 s of work make 1.8 calls a second: over your 1/s.",
      ),
    ],
    winner: {
      candidate: "c7",
      rests: [
        {
          on: "work",
          of: "question",
          value: 1_000,
          unit: "ms",
          heldAt: 900,
          brokeAt: 850,
          breaks: "limit",
          sentence: "Holds while one event takes at least 0.9 s.",
        },
        {
          on: "lambda.accountConcurrency",
          of: "model",
          value: 1_000,
          unit: "executions",
          heldAt: 11,
          brokeAt: 10,
          breaks: "limit",
          sentence: "Holds while the account has 11 or more concurrent executions.",
        },
      ],
    },
    bounds: {
      callsPerSecond: 1,
      leastDrainMs: 1_000_000,
      leastWaitMs: 980_000,
      concurrencyAtLimit: 1,
      needsNoThrottle: false,
      sentences: ["1000 events at 1 a second take at least 16 min 40 s, whatever is deployed."],
    },
    remedies: [],
    frontier: ["c1", "c7", "c2"],
    simulations: { planned: 2_700, done: 2_612 },
    isFinal: true,
    ...given,
  };
}

/** Nothing drains 1000 events at 1/s within 5 minutes. */
export function anEmptyAnswer(): Answer {
  const { candidates, families, ...answer } = anAnswer();
  const late = aCandidate("c7", {
    title: "SNS FIFO to SQS FIFO to Lambda, one message group",
    brokenIn: { wait: 200 },
    sentence: "the oldest event waits 19 min in the middle of 200 runs: over your 5 min.",
    isOnFrontier: true,
  });
  return {
    ...answer,
    question: { ...aQuestion, maxWaitMs: 300_000 },
    candidates: [late, candidates.at(-1)!],
    families: [
      aFamily("fifo-one-group", "breaks", "c7", "The oldest event waits 19 min: over your 5 min."),
      ...families.slice(3),
    ],
    winner: null,
    remedies: [
      { give: "limit", value: 3.4, unit: "calls/s", sentence: "A limit of 3.4/s would do." },
      { give: "spike", value: 300, unit: "events", sentence: "A spike of 300 events would do." },
    ],
    frontier: ["c1", "c7"],
  };
}
