/** The pool of a search: every way with every design worth trying, less what theory leaves out. */

import type { Settings } from "../../model.ts";
import { type ModelNumber, modelNumbers } from "../../targets/assumptions.ts";
import { askedParts, certainConcurrency, type Design, designsOf, neighboursOf } from "./designs.ts";
import { type Entry, entryOf, isDeployable, type OwnWay, settingsWith } from "./entries.ts";
import { loadOf } from "./load.ts";
import type { Question } from "./question.ts";
import type { Part } from "./reading.ts";
import { nearestWay } from "./shapes.ts";
import { type AccountLimits, type Exclusion, exclusionOf } from "./theory.ts";
import { mostPerSecond, throttleOf } from "./throttle.ts";

/** The words of theory on a way's candidates. */
export interface Pruning {
  pruned: number;
  /** of the candidate that is nearest to what is asked; null: theory left none out */
  nearest: Exclusion | null;
}

export interface Pool {
  /** not left out by theory, for each shape the likeliest first */
  searched: Entry[][];
  /** each way as its template has it, also where theory leaves it out, and the user's own candidates */
  given: Entry[];
  /** by the scenario's name */
  prunings: Map<string, Pruning>;
}

/** Each step of a search asks for those of its model, and reading them goes through all of the model's numbers. */
const limitsOfModels = new WeakMap<Question["model"], AccountLimits>();

/** The numbers of the account that theory goes by. */
export function accountLimitsOf({ model, accountConcurrency }: Question): AccountLimits {
  const known = limitsOfModels.get(model) ?? limitsOf(model);
  limitsOfModels.set(model, known);
  const concurrency = accountConcurrency ?? known.concurrency;
  return { ...known, concurrency, unreservedFloor: Math.min(concurrency, known.unreservedFloor) };
}

function limitsOf(model: Question["model"]): AccountLimits {
  const numbers = modelNumbers({ ...model, ranges: false });
  const factNamed = (name: ModelNumber["name"]) => numbers.find((each) => each.name === name)!;
  const numberNamed = (name: ModelNumber["name"]) => factNamed(name).value;
  const retry = factNamed("mapping.streamBackoffBaseMs");
  return {
    concurrency: numberNamed("lambda.accountConcurrency"),
    unreservedFloor: numberNamed("lambda.unreservedFloor"),
    asynchronousLifeMs: numberNamed("lambda.asyncMaximumEventAgeMs"),
    busLifeMs: numberNamed("eventbridge.maximumEventAgeMs"),
    answerMs: numberNamed("eventbridge.apiDestinationTimeoutMs"),
    queueLifeMs: numberNamed("sqs.defaultRetentionMs"),
    streamLifeMs: numberNamed("kinesis.minimumRetentionHours") * 3_600_000,
    visibilityMs: numberNamed("sqs.defaultVisibilityTimeoutMs"),
    // Simulations draw it from its range.
    longestFirstRetryMs: Math.max(retry.value, ...(retry.range ?? [])),
  };
}

/** `mostOfShape`: so many candidates of a shape are searched at most. */
export function poolOf(question: Question, shapes: readonly OwnWay[][], mostOfShape: number): Pool {
  const pool: Pool = { searched: [], given: [], prunings: new Map() };
  for (const way of shapes.flat()) {
    pool.prunings.set(way.scenario.name, { pruned: 0, nearest: null });
    const asked = askedParts(way.reading, question, loadOf(question));
    const settings = settingsWith(way, asked);
    const named = question.named.filter((each) => each.way === way.scenario.name);
    const given = [
      entryOf(way, settings, asked, "template"),
      ...named.map((each) => entryOf(way, { ...settings, ...each.settings }, {}, "user")),
    ];
    if (named.length > 0) given.push(...throttledAlone(way, settings, question));
    pool.given.push(...given.filter(isDeployable));
  }
  for (const shape of shapes) pool.searched.push(searchedOf(shape, question, mostOfShape, pool.prunings));
  return pool;
}

/** The parts that hold events back by themselves, and that are changed without another. */
const throttling: readonly Part[] = [
  "reserved",
  "maximumConcurrency",
  "parallelization",
  "pullCount",
  "destinationRate",
];

/** Somebody's own way with its throttle changed and nothing else, because that is the least to do. */
function throttledAlone(way: OwnWay, settings: Settings, question: Question): Entry[] {
  const designs = designsOf(way.reading, question, loadOf(question)).flatMap((design) => {
    const held = Object.entries(design).filter(([part]) => throttling.includes(part as Part));
    return [Object.fromEntries(held), ...held.map(([part, value]) => ({ [part]: value }))];
  });
  const entries = designs.map((design) => {
    const changed = settingsWith(way, design);
    const names = Object.keys(design).map((part) => way.reading.settings[part as Part]!);
    return entryOf(
      way,
      { ...settings, ...Object.fromEntries(names.map((name) => [name, changed[name]!])) },
      design,
      "search",
    );
  });
  return entries.filter(({ key }, index) => entries.findIndex((each) => each.key === key) === index);
}

function searchedOf(
  shape: readonly OwnWay[],
  question: Question,
  mostOfShape: number,
  prunings: Pool["prunings"],
): Entry[] {
  const load = loadOf(question);
  const limits = accountLimitsOf(question);
  const certain = certainConcurrency(load, 0);
  const found: { entry: Entry; concurrency: number; distance: number }[] = [];
  for (const design of designsOf(shape[0]!.reading, question, load)) {
    const entry = entryOfShape(shape, question, design);
    const exclusion = exclusionOf(entry.reading, question, limits);
    if (exclusion !== null) {
      note(prunings.get(entry.scenario.name)!, exclusion);
      continue;
    }
    const throttle = throttleOf(entry.reading, load);
    const perSecond = Math.min(load.rate, mostPerSecond(throttle, load.events));
    const concurrency = throttle.concurrency?.value ?? 0;
    const isCertain = throttle.holdMs === 0 && concurrency === certain;
    // Candidates that keep the limit for certain go before those that would keep it on average.
    const distance = isCertain ? -1 : Math.round(Math.abs(Math.log2(perSecond / load.callsPerSecond)) * 4);
    found.push({ entry, concurrency, distance });
  }
  return diagonally(found.toSorted((one, other) => one.distance - other.distance))
    .slice(0, mostOfShape)
    .filter(isDeployable);
}

/** The first of the nearest concurrency, then its second and the first of the next one, and so on, so that few that are tried differ in both. */
function diagonally(found: readonly { entry: Entry; concurrency: number }[]): Entry[] {
  const concurrencies = [...new Set(found.map(({ concurrency }) => concurrency))];
  const seen = concurrencies.map(() => 0);
  const placed = found.map(({ entry, concurrency }) => {
    const row = concurrencies.indexOf(concurrency);
    const diagonal = row + seen[row]!;
    seen[row] = seen[row]! + 1;
    return { entry, diagonal };
  });
  return placed.toSorted((one, other) => one.diagonal - other.diagonal).map(({ entry }) => entry);
}

/** The design as a candidate of the way whose own settings are nearest to it. */
function entryOfShape(shape: readonly OwnWay[], question: Question, design: Design): Entry {
  const decided = { ...askedParts(shape[0]!.reading, question, loadOf(question)), ...design };
  const way = nearestWay(shape, settingsWith(shape[0]!, decided));
  return entryOf(way, settingsWith(way, decided), decided, "search");
}

/** Candidates one step from one, of the same shape, that can be deployed and that theory does not leave out. */
export function aroundOf(entry: Entry, shapes: readonly OwnWay[][], question: Question): Entry[] {
  const shape = shapes.find((each) => each.some(({ scenario }) => scenario === entry.scenario))!;
  const limits = accountLimitsOf(question);
  return neighboursOf(entry.design, entry.reading, question, loadOf(question))
    .map((design) => entryOfShape(shape, question, design))
    .filter((near) => exclusionOf(near.reading, question, limits) === null && isDeployable(near));
}

function note(pruning: Pruning, exclusion: Exclusion): void {
  pruning.pruned++;
  const { nearest } = pruning;
  const isNearer = nearest === null || exclusion.kept > nearest.kept;
  const isAsNear = nearest !== null && exclusion.kept === nearest.kept && exclusion.excess < nearest.excess;
  if (isNearer || isAsNear) pruning.nearest = exclusion;
}
