/** The conditions that a winner rests on: each input and each assumed number is moved by itself until it breaks something. */
import { type ModelNumber, modelNumbers, readNumber } from "../../targets/assumptions.ts";
import type { Demand, Rest } from "./answer.ts";
import { askedParts } from "./designs.ts";
import { type Entry, isDeployable, moved } from "./entries.ts";
import { Field } from "./field.ts";
import { loadOf } from "./load.ts";
import { accountLimitsOf } from "./pool.ts";
import { eventsOf, type Question } from "./question.ts";
import type { Lab } from "./trials.ts";
import { countWords, numberWords, timeWords } from "./words.ts";

/** One thing that is moved, from what the answer went by, step by step away from it. */
interface Axis {
  on: string;
  of: Rest["of"];
  unit: string;
  value: number;
  steps: number[];
  isWhole: boolean;
  questionAt(value: number): Question;
  sentence(held: number, isBroken: boolean): string;
}

/** At most so many runs at each value; broken is what breaks something in two of them, or in the only one. */
const mostRunsOfValue = 6;
const brokenRuns = 2;
/** No factor is as far: from nothing to something, and twice that for what does not break at all. */
const farthest = 1_000;
/** Values that an axis is looked at, on average. */
const valuesOfAxis = 8;
const halvings = 4;
const nearest = 3;
/** Runs at the ends of what is plausible for a number, before it is looked at more closely. */
const runsOfNumber = 3;

/** `simulations`: about so many. The nearest come first, those of the question before those of the model. */
export async function restsOf(entry: Entry, question: Question, lab: Lab, simulations: number): Promise<Rest[]> {
  const axes = questionAxes(question);
  const looks = axes.length * valuesOfAxis;
  const runs = Math.max(1, Math.min(mostRunsOfValue, Math.floor(simulations / looks)));
  const rests = await Promise.all(axes.map((axis) => restOn(axis, entry, lab, runs)));
  const left = simulations - looks * runs;
  const numbers = await suspectNumbers(entry, question, lab, Math.max(0, left));
  const ofModel = await Promise.all(numbers.map((axis) => restOn(axis, entry, lab, runs)));
  const byNearness = (some: (Rest | null)[]) =>
    some
      .filter((rest) => rest !== null)
      .toSorted((one, other) => distanceOf(one) - distanceOf(other))
      .slice(0, nearest);
  return [...byNearness(rests), ...byNearness(ofModel.filter((rest) => rest?.brokeAt !== null))];
}

/** By the factor at which it breaks; what did not break is farthest. */
function distanceOf({ value, brokeAt }: Rest): number {
  if (brokeAt === null) return 2 * farthest;
  return value > 0 && brokeAt > 0 ? Math.abs(Math.log(brokeAt / value)) : farthest;
}

/** null: time was over before it was known. */
async function restOn(axis: Axis, entry: Entry, lab: Lab, runs: number): Promise<Rest | null> {
  if (axis.steps.length === 0) return null;
  const outcomes = await Promise.all(axis.steps.map((value) => brokenAt(axis.questionAt(value), entry, lab, runs)));
  if (lab.signal.aborted) return null;
  const at = outcomes.findIndex((broken) => broken !== null);
  if (at === -1) return told(axis, axis.steps.at(-1)!, null, null);
  let held = at === 0 ? axis.value : axis.steps[at - 1]!;
  let broke = axis.steps[at]!;
  let breaks = outcomes[at]!;
  for (let step = 0; step < halvings; step++) {
    const between = held > 0 && broke > 0 ? Math.sqrt(held * broke) : (held + broke) / 2;
    const middle = axis.isWhole ? Math.round(between) : Number(between.toPrecision(3));
    if (middle === held || middle === broke) break;
    const broken = await brokenAt(axis.questionAt(middle), entry, lab, runs);
    if (lab.signal.aborted) return null;
    if (broken === null) held = middle;
    else [broke, breaks] = [middle, broken];
  }
  return told(axis, held, broke, breaks);
}

function told(
  { on, of, value, unit, sentence }: Axis,
  heldAt: number,
  brokeAt: number | null,
  breaks: Demand | null,
): Rest {
  return { on, of, value, unit, heldAt, brokeAt, breaks, sentence: sentence(heldAt, brokeAt !== null) };
}

/** The demand that it breaks there; null: it holds. */
async function brokenAt(question: Question, entry: Entry, lab: Lab, runs: number): Promise<Demand | null> {
  const load = loadOf(question);
  const there = moved(entry, askedParts(entry.reading, question, load));
  if (!isDeployable(there)) return "loss";
  const { concurrency, unreservedFloor } = accountLimitsOf(question);
  if (Number(there.reading.values.reserved ?? 0) > concurrency - unreservedFloor) return "limit";
  const field = new Field(question, lab, true);
  await field.run([there], runs);
  const judged = field.judged(there);
  if (judged === null) return lab.signal.aborted ? null : "loss";
  const broken = judged.demands.filter(({ brokenIn, of }) => brokenIn >= Math.min(brokenRuns, of));
  return broken.toSorted((one, other) => other.brokenIn - one.brokenIn)[0]?.demand ?? null;
}

function questionAxes(question: Question): Axis[] {
  const { workMs, spike, failureRate } = question;
  const { concurrency } = accountLimitsOf(question);
  const events = eventsOf(spike);
  const isOverBeforeTheNext = (count: number) =>
    question.everyMs === null || (count * 1_000) / spike.rate < question.everyMs;
  const scaled = (ms: number, by: number) => Math.max(1, Math.round(ms * by));
  const holds = (isBroken: boolean) => (isBroken ? "holds while" : "holds even if");
  const work = { of: "question", unit: "ms", isWhole: true } as const;
  return [
    {
      ...work,
      on: "work at least",
      value: workMs.from,
      steps: [0.9, 0.75, 0.5, 0.25, 0.1].map((by) => scaled(workMs.from, by)),
      questionAt: (from) => ({ ...question, workMs: { from, to: scaled(workMs.to, from / workMs.from) } }),
      sentence: (held, isBroken) =>
        isBroken
          ? `holds while one event takes at least ${timeWords(held)}`
          : `holds even if one event takes ${timeWords(held)} only`,
    },
    {
      ...work,
      on: "work at most",
      value: workMs.to,
      steps: [1.1, 1.25, 1.5, 2, 4].map((by) => scaled(workMs.to, by)).filter((ms) => ms <= 900_000),
      questionAt: (to) => ({ ...question, workMs: { from: scaled(workMs.from, to / workMs.to), to } }),
      sentence: (held, isBroken) =>
        `${holds(isBroken)} one event takes ${isBroken ? "no more than " : ""}${timeWords(held)}`,
    },
    {
      on: "rate",
      of: "question",
      unit: "events a second",
      isWhole: false,
      value: spike.rate,
      // As many events in less time.
      steps: [1.25, 1.5, 2, 4].map((by) => spike.rate * by).filter((rate) => rate <= 10_000),
      questionAt: (rate) => ({ ...question, spike: { rate, durationMs: (events * 1_000) / rate } }),
      sentence: (held, isBroken) =>
        `${holds(isBroken)} ${isBroken ? "no more than " : ""}${numberWords(held)} events come a second`,
    },
    {
      on: "events",
      of: "question",
      unit: "events",
      isWhole: true,
      value: events,
      steps: [1.1, 1.25, 1.5, 2, 3].map((by) => Math.round(events * by)).filter(isOverBeforeTheNext),
      questionAt: (count) => ({ ...question, spike: { ...spike, durationMs: (count * 1_000) / spike.rate } }),
      sentence: (held, isBroken) =>
        `${holds(isBroken)} a spike has ${isBroken ? "no more than " : ""}${countWords(held, "event")}`,
    },
    {
      on: "failureRate",
      of: "question",
      unit: "share",
      isWhole: false,
      value: failureRate,
      steps: [0.001, 0.01, 0.03, 0.1, 0.3].filter((share) => share > failureRate),
      questionAt: (share) => ({ ...question, failureRate: share }),
      sentence: (held, isBroken) =>
        held === 0
          ? "holds while no call fails"
          : `${holds(isBroken)} ${isBroken ? "no more than " : ""}${numberWords(held * 100)}% of the calls fail`,
    },
    {
      on: "accountConcurrency",
      of: "question",
      unit: "concurrent executions",
      isWhole: true,
      value: concurrency,
      steps: [500, 200, 120, 101, 50, 20, 10, 5, 2, 1].filter((count) => count < concurrency),
      questionAt: (count) => ({ ...question, accountConcurrency: count }),
      sentence: (held, isBroken) =>
        isBroken
          ? `holds while the account has ${countWords(held, "concurrent execution")} or more`
          : `holds even if the account has ${countWords(held, "concurrent execution")} only`,
    },
  ];
}

/** The numbers of the model that break something at twice the end of what is plausible. */
async function suspectNumbers(entry: Entry, question: Question, lab: Lab, simulations: number): Promise<Axis[]> {
  const numbers = modelNumbers({ ...question.model, ranges: false }).filter(
    (number) => number.range !== undefined && number.origin === "platform" && isNear(number, entry),
  );
  const directions = numbers.flatMap((number) => [
    numberAxis(number, question, "down"),
    numberAxis(number, question, "up"),
  ]);
  const axes = directions.filter((axis) => axis.steps.length > 0).slice(0, Math.floor(simulations / runsOfNumber));
  const broken = await Promise.all(
    axes.map((axis) => brokenAt(axis.questionAt(axis.steps.at(-1)!), entry, lab, runsOfNumber)),
  );
  return axes.filter((_, index) => broken[index] !== null).slice(0, 2 * nearest);
}

/** The number belongs to a service on an event's path. */
function isNear({ name }: ModelNumber, { scenario, reading }: Entry): boolean {
  const service = name.split(".")[0]!;
  const { topology } = scenario;
  const isOn = (what: string) => topology.some((stage) => stage.startsWith(what));
  const isMapped = reading.source === "queue" || reading.source === "fifo" || reading.source === "stream";
  const near: Record<string, boolean> = {
    lambda: true,
    database: true,
    sns: isOn("SNS"),
    sqs: isOn("SQS"),
    kinesis: isOn("Kinesis"),
    eventbridge: isOn("EventBridge") || reading.source === "schedule",
    mapping: isMapped,
  };
  return near[service] ?? false;
}

function numberAxis({ name, unit, value, range }: ModelNumber, question: Question, direction: "up" | "down"): Axis {
  const [low, high] = range!;
  const [end, beyond] = direction === "up" ? [high, high * 2] : [low, low / 2];
  const isPossible = (each: number) => "value" in readNumber(name, String(each));
  const isWhole = !isPossible(value + 0.5) && Number.isInteger(value);
  const steps = [end, beyond].map((each) => (isWhole ? Math.round(each) : each));
  const isFurther = (each: number) => (direction === "up" ? each > value : each < value);
  return {
    on: name,
    of: "model",
    unit,
    isWhole,
    value,
    steps: [...new Set(steps)].filter((each) => isFurther(each) && isPossible(each)),
    questionAt: (each) => ({
      ...question,
      model: { ...question.model, constants: { ...question.model.constants, [name]: each } },
    }),
    sentence: (held) =>
      `holds while ${name} is ${direction === "up" ? "no more than" : "at least"} ${withUnit(held, unit)}, which is assumed to be ${withUnit(value, unit)}`,
  };
}

function withUnit(value: number, unit: string): string {
  if (unit === "ms") return timeWords(value);
  const number = String(Number(value.toPrecision(3)));
  return unit === "" || unit.startsWith("(") ? number : `${number} ${unit}`;
}
