/** Remedies where nothing holds: each part of the question is eased by itself until something holds, by simulation. */
import { parseLimit } from "../../../infra/handlers/limit.ts";
import type { Remedy } from "./answer.ts";
import { rateText } from "./designs.ts";
import type { Entry, OwnWay } from "./entries.ts";
import { Field, type Judged } from "./field.ts";
import { loadOf } from "./load.ts";
import { poolOf } from "./pool.ts";
import { eventsOf, type Question } from "./question.ts";
import type { Lab } from "./trials.ts";
import { countWords, timeWords } from "./words.ts";

/** A part of the question that could give, from the least that theory asks on. */
interface Ease {
  give: Remedy["give"];
  unit: string;
  /** the nearest first */
  values: number[];
  questionAt(value: number): Question;
  sentence(value: number): string;
}

/** A quick look at an eased question: of each shape a few, then the best of all. */
const ofShape = 4;
const contenders = 4;
const runsOfContender = 12;

/** `simulations`: about so many for all of them. */
export async function remediesOf(
  question: Question,
  shapes: readonly OwnWay[][],
  lab: Lab,
  simulations: number,
): Promise<Remedy[]> {
  const eases = easesOf(question);
  const perTry = shapes.length * 2 + contenders * runsOfContender;
  const tries = Math.max(1, Math.floor(simulations / perTry / Math.max(1, eases.length)));
  const found = await Promise.all(eases.map((ease) => remedyBy(ease, shapes, lab, Math.max(3, tries))));
  return found.filter((remedy) => remedy !== null);
}

async function remedyBy(ease: Ease, shapes: readonly OwnWay[][], lab: Lab, tries: number): Promise<Remedy | null> {
  const { give, unit } = ease;
  for (const value of spread(ease.values, tries)) {
    const holding = await holdingIn(ease.questionAt(value), shapes, lab);
    if (lab.signal.aborted) return null;
    if (holding === null) continue;
    const { alias, name } = holding.entry.scenario;
    return { give, value, unit, sentence: `${ease.sentence(value)} would do, with ${alias ?? name}.` };
  }
  return give === "budget" ? budgetRemedy(ease, shapes, lab) : null;
}

/** The budget follows from the cheapest that holds without one. */
async function budgetRemedy(ease: Ease, shapes: readonly OwnWay[][], lab: Lab): Promise<Remedy | null> {
  const holding = await holdingIn(ease.questionAt(Number.MAX_VALUE), shapes, lab);
  const cost = holding?.figures.costPerMonth?.high;
  if (!holding || cost === undefined) return null;
  const value = Math.ceil(cost * 100) / 100;
  const { alias, name } = holding.entry.scenario;
  return {
    give: "budget",
    value,
    unit: ease.unit,
    sentence: `${ease.sentence(value)} would do, with ${alias ?? name}.`,
  };
}

/** The first of so many, and others evenly between it and the last. */
function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const at = Array.from({ length: most }, (_, index) =>
    Math.round((index * (values.length - 1)) / Math.max(1, most - 1)),
  );
  return [...new Set(at)].map((index) => values[index]!);
}

/** The best of what holds; null: nothing that was tried does. */
async function holdingIn(question: Question, shapes: readonly OwnWay[][], lab: Lab): Promise<Judged | null> {
  const entries: Entry[] = poolOf(question, shapes, ofShape).searched.flat();
  const screening = new Field(question, lab, false);
  await screening.run(entries, 1);
  const clean = screening.ranked(entries).filter(({ distance }) => distance === 0);
  const field = new Field(question, lab, true);
  const chosen = clean.slice(0, contenders).map(({ entry }) => entry);
  await field.run(chosen, runsOfContender);
  return field.ranked(chosen).find(({ distance }) => distance === 0) ?? null;
}

function easesOf(question: Question): Ease[] {
  const { limit, spike, maxWaitMs, everyMs, order, duplicatesTolerated, budgetDollars, workMs } = question;
  const load = loadOf(question);
  const { events, durationMs, callsPerSecond, rate } = load;
  const per = limit.endsWith("m") ? 60_000 : 1_000;
  const unit = limit.endsWith("m") ? "m" : "s";
  const now = (callsPerSecond * per) / 1_000;
  const waits = maxWaitMs === null ? [] : [events / Math.max(1, maxWaitMs + durationMs - workMs.from)];
  const often = everyMs === null ? [] : [events / everyMs];
  const leastLimit = Math.max(now * 1.05, ...[...waits, ...often].map((perMs) => perMs * per));
  const limitOf = (value: number) => rateText(value, per).replace(/\w$/, unit);
  const all = (value: number, sentence: string, give: Remedy["give"], eased: Question): Ease => ({
    give,
    unit: "",
    values: [value],
    questionAt: () => eased,
    sentence: () => sentence,
  });
  const eases: Ease[] = [
    {
      give: "limit",
      unit: `calls/${unit}`,
      values: upwards(leastLimit).filter((value) => parseLimit(limitOf(value)) !== null),
      questionAt: (value) => ({ ...question, limit: limitOf(value) }),
      sentence: (value) => `A limit of ${limitOf(value)}`,
    },
  ];
  if (maxWaitMs !== null) {
    const leastWait = Math.max(maxWaitMs * 1.05, (events / callsPerSecond) * 1_000 - durationMs + workMs.from);
    eases.push({
      give: "wait",
      unit: "ms",
      values: upwards(leastWait),
      questionAt: (value) => ({ ...question, maxWaitMs: value }),
      sentence: (value) => `A wait of ${timeWords(value)}`,
    });
  }
  if (maxWaitMs !== null || everyMs !== null) {
    const gapMs = 1_000 / callsPerSecond - 1_000 / rate;
    const byWait = maxWaitMs === null || gapMs <= 0 ? events : (maxWaitMs - workMs.from) / gapMs;
    const bySpikes = everyMs === null ? events : (everyMs * callsPerSecond) / 1_000;
    const mostEvents = Math.min(events * 0.95, byWait, bySpikes);
    eases.push({
      give: "spike",
      unit: "events",
      values: downwards(mostEvents).filter((value) => value >= 1),
      questionAt: (value) => ({ ...question, spike: { ...spike, durationMs: (value * 1_000) / spike.rate } }),
      sentence: (value) => `A spike of ${countWords(value, "event")}`,
    });
  }
  if (everyMs !== null) {
    eases.push({
      give: "every",
      unit: "ms",
      values: upwards(Math.max(everyMs * 1.05, (events / callsPerSecond) * 1_000)),
      questionAt: (value) => ({ ...question, everyMs: value }),
      sentence: (value) => `A spike every ${timeWords(value)}`,
    });
  }
  if (order !== null) eases.push(all(0, "Any order", "order", { ...question, order: null }));
  if (!duplicatesTolerated) {
    eases.push(all(1, "Duplicates that do no harm", "duplicates", { ...question, duplicatesTolerated: true }));
  }
  if (budgetDollars !== null) {
    eases.push({
      give: "budget",
      unit: "USD a month",
      values: [],
      questionAt: () => ({ ...question, budgetDollars: null }),
      sentence: (value) => `A budget of ${value.toFixed(2)} USD a month`,
    });
  }
  return eases.filter(({ give }) => give !== "spike" || eventsOf(spike) > 1);
}

/** From a value on, in steps that grow; two figures of each, rounded away from the value. */
function upwards(least: number): number[] {
  const steps = [1, 1.03, 1.06, 1.1, 1.15, 1.25, 1.5, 2, 3, 5].map((by) => rounded(least * by, Math.ceil));
  return [...new Set(steps)];
}

function downwards(most: number): number[] {
  const steps = [1, 1.03, 1.06, 1.1, 1.15, 1.25, 1.5, 2, 3, 5].map((by) => rounded(most / by, Math.floor));
  return [...new Set(steps)];
}

function rounded(value: number, by: (value: number) => number): number {
  const scale = 10 ** (Math.floor(Math.log10(value)) - 1);
  // A value of two figures stays, whatever a division left of it.
  return Number((by(Number((value / scale).toFixed(6))) * scale).toPrecision(3));
}
