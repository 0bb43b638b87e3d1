/** The names of runs that are shown together: the scenario, and where that is the same, what was set. */
import { type Side, sideOf, type Unlike, unlikeIn } from "../metrics/sides.ts";
import type { RunRecord } from "../model.ts";
import { seedsText } from "./words.ts";

/**
 * A name for each of the records, no two alike: `scenario-4`, or `scenario-4 (WorkMs=800)` beside others of that scenario that have
 * another setting, number, burst, platform or seed. The run's id tells apart those that are alike in all of these.
 */
export function labelsOf(records: readonly RunRecord[]): string[] {
  const marks = marksApart(records);
  return records.map(({ scenario }, index) => labelled(scenario, marks[index]!));
}

/** `scenario-4 (WorkMs=800, seed 7)` */
export function labelled(name: string, marks: readonly string[]): string {
  return marks.length === 0 ? name : `${name} (${marks.join(", ")})`;
}

/** For each of the records what tells it from the others of its scenario, such as `WorkMs=800`; nothing where it is the only one. */
export function marksApart(records: readonly RunRecord[]): string[][] {
  return marksOfSides(records.map((record) => sideOf([record])));
}

/** The same for sides of several runs each. */
export function marksOfSides(all: readonly Side[]): string[][] {
  return withinScenarios(all, (sides) => {
    const first = marksOf(sides, isToldFirst);
    const marks = areAllUnlike(first) ? first : marksOf(sides, () => true);
    return marks.map((own, index) => {
      const isShared = marks.some((other, at) => at !== index && String(other) === String(own));
      return isShared ? [...own, sides[index]!.name] : own;
    });
  });
}

/** For each of the records what was set of it in another way than of others of its scenario: settings, numbers of the model, events. */
export function settingsApart(records: readonly RunRecord[]): string[][] {
  const sides = records.map((record) => sideOf([record]));
  return withinScenarios(sides, (some) => marksOf(some, isSet));
}

/** The marks of the sides, in their order, asked for each scenario by itself. */
function withinScenarios(sides: readonly Side[], of: (sides: Side[]) => string[][]): string[][] {
  const marks: string[][] = sides.map(() => []);
  for (const scenario of new Set(sides.map((side) => side.scenario))) {
    const places = sides.flatMap((side, index) => (side.scenario === scenario ? [index] : []));
    const found = places.length === 1 ? [[]] : of(places.map((index) => sides[index]!));
    for (const [at, index] of places.entries()) marks[index] = found[at]!;
  }
  return marks;
}

type Kind = Unlike["kind"] | "limit" | "seeds";

function isSet(kind: Kind): boolean {
  return kind === "setting" || kind === "number" || kind === "events";
}

/** A template's hash and a version say nothing to a reader, so that they come last. */
function isToldFirst(kind: Kind): boolean {
  return kind !== "template" && kind !== "version";
}

/** For each side the texts of that in which they are unlike. */
function marksOf(sides: readonly Side[], isTold: (kind: Kind) => boolean): string[][] {
  const among = (kind: Kind, what: string, of: (side: Side) => string | null) => ({
    kind,
    what,
    values: sides.map(of),
  });
  const unlike = [
    ...unlikeIn(sides),
    among("limit", "limit", ({ expected }) => expected?.limit?.limit ?? null),
    among("seeds", "seeds", ({ seeds }) => seedsText(seeds ?? [])),
  ].filter(({ kind, values }) => isTold(kind) && new Set(values).size > 1);
  const inOrder = [...unlike.filter(({ kind }) => isSet(kind)), ...unlike.filter(({ kind }) => !isSet(kind))];
  return sides.map((_, side) => inOrder.map((one) => markText(one, one.values[side]!)).filter((text) => text !== ""));
}

function markText({ kind, what }: { kind: Kind; what: string }, value: string | null): string {
  if (kind === "limit") return value === null ? "no limit" : `limit ${value}`;
  if (value === null) return "";
  switch (kind) {
    case "setting":
      return `${what}=${value}`;
    case "number":
      return Number.isNaN(Number(value)) && value !== "none" ? `${what} ${value}` : `${what}=${value}`;
    case "events":
      return what === "events" ? `${value} events` : `${what} ${value}`;
    case "template":
    case "version":
      return `${what} ${value}`;
    case "scenario":
    case "seeds":
      return value;
    case "origin":
      if (what === "drawn constants") return value === "no" ? "" : "ranges";
      return what === "target" ? value : `${what} ${value}`;
  }
}

function areAllUnlike(marks: readonly string[][]): boolean {
  return new Set(marks.map(String)).size === marks.length;
}
