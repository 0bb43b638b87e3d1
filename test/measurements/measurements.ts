/** The measurements of AWS that others published, each with the run of the model that stands beside it. */
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { asynchronousAttempts, asynchronousErrorRetries } from "./asynchronous.ts";
import { type Figures, queueRun, scenarioRun, type Trial } from "./trials.ts";

/** How the model came by a figure. A figure that decided a number of the model is no evidence for it. */
export type Use = "fitted" | "assumptions chosen for it" | "not used";

export interface Measurement {
  figure: string;
  measured: number;
  unit: string;
  use: Use;
  /** why the model does not reach it, whatever its unpublished numbers are; null: it should */
  unreached: string | null;
}

export interface Experiment {
  name: string;
  source: string;
  /** how many seeds, and how many draws of the unpublished numbers */
  trials: { seeds: number; draws: number };
  measurements: Measurement[];
  /** The model's figures, by the measurements' names. */
  run(trial: Trial): Promise<Figures>;
}

const publishedUses: Record<string, Use> = {
  "scenario-1 Time Taken": "assumptions chosen for it",
  "scenario-1 Max. Concurrency": "assumptions chosen for it",
  "scenario-1 Avg. DB Inserts Per Second": "assumptions chosen for it",
  "scenario-2 Time Taken": "fitted",
  "scenario-5 Time Taken": "fitted",
  "scenario-5 Avg. DB Inserts Per Second": "fitted",
};

const idle =
  "its one instance was idle for longer than anything that AWS documents explains; the numbers were not tuned for it";
const perSlot =
  "at 10% of errors each slot did less than at none, which the model, whose throughput is that of its slots, does not show";
/** The reasons why the model does not reach some published figures. */
const unreached: Record<string, string> = {
  "scenario-4 Time Taken": idle,
  "scenario-1 Time Taken":
    "inserts in 60 seconds, and 60 s from the first event to the last insert, leave no time for the first connection",
  "scenario-1 Max. DB Inserts Per Second":
    "the published pace of publishing is not known; at the even pace that is assumed fewer events coincide",
};

const many = { seeds: 20, draws: 60 };
/** For runs with many thousands of messages. */
const few = { seeds: 5, draws: 20 };

function publishedTable(): Experiment[] {
  return shippedScenarios().flatMap((scenario) => {
    const { name, published } = scenario;
    if (published === null) return [];
    const figures: [figure: string, measured: number, unit: string][] = [
      ["Events Completed", published.eventsCompleted, "events"],
      ["Events Failed", published.eventsFailed, "events"],
      ["Time Taken", published.timeTakenSeconds, "s"],
      ["Max. Concurrency", published.maxConcurrency, ""],
      ["Avg. DB Inserts Per Second", published.insertsPerSecond.avg, "/s"],
      ["Max. DB Inserts Per Second", published.insertsPerSecond.max, "/s"],
      ["Min. DB Inserts Per Second", published.insertsPerSecond.min, "/s"],
    ];
    return {
      name,
      source: published.source,
      trials: many,
      measurements: figures.map(([figure, measured, unit]) => ({
        figure,
        measured,
        unit,
        use: publishedUses[`${name} ${figure}`] ?? "not used",
        unreached: unreached[`${name} ${figure}`] ?? null,
      })),
      run: (trial) => scenarioRun(scenario, trial),
    };
  });
}

const notUsed = (figure: string, measured: number, unit: string): Measurement => ({
  figure,
  measured,
  unit,
  use: "not used",
  unreached: null,
});
const fitted = (figure: string, measured: number, unit: string): Measurement => ({
  ...notUsed(figure, measured, unit),
  use: "fitted",
});

const noDatabase = { "database.connectMs": 0, "database.insertMedianMs": 0 };
const errorShares: [share: number, less: number, concurrency: number][] = [
  [0.01, 20, 25],
  [0.05, 75, 16],
  [0.1, 85, 13],
];

export const experiments: Experiment[] = [
  ...publishedTable(),
  {
    name: "One asynchronous event of a function that is throttled",
    source: "cosmo-grant/aws-by-example, docs/lambda_retries.html, November 2025",
    trials: many,
    measurements: [
      fitted("fifth attempt", 16.65, "s"),
      fitted("sixth attempt", 32.79, "s"),
      fitted("seventh attempt", 67.93, "s"),
    ],
    run: asynchronousAttempts,
  },
  {
    name: "One asynchronous event of a function that throws",
    source: "cosmo-grant/aws-by-example, docs/lambda_retries.html, November 2025",
    trials: many,
    measurements: [fitted("first retry", 66.2, "s"), fitted("second retry, after the first", 130.2, "s")],
    run: asynchronousErrorRetries,
  },
  {
    name: "MaximumConcurrency 20, 2 s of work, batch 1, no database",
    source: "sqs-fair-queues-lab, July 2026, 12 runs of a queue",
    trials: few,
    measurements: [fitted("invocations started", 8.32, "/s")],
    run: async (trial) => {
      const { steadyPerSecond } = await queueRun(trial, {
        set: ["MaximumConcurrency=20", "ReservedConcurrency=100", "WorkMs=2000", "ConsumerTimeout=30"],
        events: 1_500,
        constants: noDatabase,
        steadySeconds: [30, 150],
      });
      return { "invocations started": steadyPerSecond };
    },
  },
  {
    name: "The ramp of a mapping with a backlog, 2 s of work, batch 1",
    source: "aws-samples, demonstration of the scaling of SQS mappings",
    trials: few,
    measurements: [notUsed("more at once, each minute", 298, "/min")],
    run: async (trial) => {
      const { concurrency } = await queueRun(trial, {
        set: ["ReservedConcurrency=1300", "WorkMs=2000", "ConsumerTimeout=30", "PublishRate=0"],
        events: 22_000,
        constants: { ...noDatabase, "lambda.accountConcurrency": 3_000 },
        steadySeconds: [0, 1],
      });
      return { "more at once, each minute": concurrency[2]! - concurrency[1]! };
    },
  },
  ...errorShares.map(
    ([share, less, concurrency]): Experiment => ({
      name: `${share * 100}% errors of a function of 50 ms with a backlog`,
      source: "https://rehanvdm.com/blog/sqs-lambda-esm-scaling-behaviour--experiment-esm-and-lambda-errors",
      trials: few,
      measurements: [
        fitted("throughput below the one without errors", less, "%"),
        { ...notUsed("concurrency", concurrency, ""), unreached: share === 0.1 ? perSlot : null },
      ],
      run: async (trial) => {
        const runWith = (failureRate: number) =>
          queueRun(trial, {
            set: ["MaximumConcurrency=60", "ReservedConcurrency=100", "WorkMs=50", `FailureRate=${failureRate}`],
            events: 20_000,
            constants: {},
            steadySeconds: [30, 45],
          });
        const [without, withErrors] = [await runWith(0), await runWith(share)];
        return {
          "throughput below the one without errors": 100 * (1 - withErrors.steadyPerSecond / without.steadyPerSecond),
          concurrency: withErrors.concurrency[1] ?? null,
        };
      },
    }),
  ),
  ...[25, 50, 90].map(
    (cap): Experiment => ({
      name: `A cap of ${cap} that is hit all the time by short handlers`,
      source: "rehanvdm.com, concurrency at caps of 25, 50 and 90",
      trials: few,
      measurements: [notUsed("Max. Concurrency", cap, "")],
      run: async (trial) => {
        const { concurrency } = await queueRun(trial, {
          set: [`MaximumConcurrency=${cap}`, "ReservedConcurrency=200", "WorkMs=200"],
          events: 12_000,
          constants: {},
          steadySeconds: [0, 1],
        });
        return { "Max. Concurrency": concurrency[1] ?? null };
      },
    }),
  ),
];
