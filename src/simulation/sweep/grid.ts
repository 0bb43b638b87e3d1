/** The grid of a sweep: lists and ranges of values, and all their combinations. */
import { BenchError } from "../../errors.ts";
import type { Axis } from "./sweep.ts";

/** A longer list has a slip in it. */
const mostValues = 1_000;

const numberPattern = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const rangePattern = /^([-+]?\d+(?:\.\d+)?)\.\.([-+]?\d+(?:\.\d+)?)(?::(.+))?$/;

/**
 * The values of a list such as `10,30,60..300:60`, each once. Numbers ascend, whatever their order in the list; texts keep it.
 * `isNumeric`: ranges are taken, and `030` is `30`. `flag`: begins the sentence of an error. @throws BenchError `bad-usage`
 */
export function valuesOf(typed: string, isNumeric: boolean, flag: string): string[] {
  const items = typed.split(",").map((item) => item.trim());
  if (items.includes("")) throw wrong(`${flag} has an empty value; write a list as 10,30,60..300:60.`);
  const values = isNumeric ? items.flatMap((item) => numbersOf(item, flag)) : items;
  const once = [...new Set(values)];
  if (once.length > mostValues) throw tooMany(flag);
  return once.every(isNumber) && isNumeric ? once.sort((one, other) => Number(one) - Number(other)) : once;
}

/** Every combination of the axes' values, one of each; the last axis varies fastest. One empty combination without axes. */
export function combinationsOf(axes: readonly Pick<Axis, "values">[]): string[][] {
  return axes.reduce<string[][]>(
    (before, { values }) => before.flatMap((chosen) => values.map((value) => [...chosen, value])),
    [[]],
  );
}

/** How many combinations there are, without making them. */
export function sizeOf(axes: readonly Pick<Axis, "values">[]): number {
  return axes.reduce((size, { values }) => size * values.length, 1);
}

/** The members of a range, and anything else itself: whoever knows the parameter says whether it is one of its values. */
function numbersOf(item: string, flag: string): string[] {
  const [, from, to, step = "1"] = rangePattern.exec(item) ?? [];
  if (from === undefined || to === undefined) {
    if (item.includes("..")) throw wrong(`${flag} ${JSON.stringify(item)} is no range; write one as 60..300:60.`);
    return [isNumber(item) ? String(Number(item)) : item];
  }
  if (!(isNumber(step) && Number(step) > 0)) {
    throw wrong(`${flag} ${item} has the step ${JSON.stringify(step)}; give a number above 0, as in 60..300:60.`);
  }
  if (Number(to) < Number(from)) throw wrong(`${flag} ${item} counts down; write it as ${to}..${from}:${step}.`);
  return range(Number(from), Number(to), Number(step), decimalsOf(from, step), flag);
}

function range(from: number, to: number, step: number, decimals: number, flag: string): string[] {
  // Half of the last decimal, so that 0..0.3:0.1 has four members.
  const slack = 0.5 * 10 ** -decimals;
  const size = Math.floor((to - from + slack) / step) + 1;
  if (size > mostValues) throw tooMany(flag);
  const members = Array.from({ length: size }, (_, index) => Number((from + index * step).toFixed(decimals)));
  return members.filter((member) => member <= to).map(String);
}

function decimalsOf(...numbers: string[]): number {
  return Math.max(...numbers.map((number) => /\.(\d+)/.exec(String(Number(number)))?.[1]?.length ?? 0));
}

function isNumber(text: string): boolean {
  return numberPattern.test(text);
}

function tooMany(flag: string): BenchError {
  return wrong(`${flag} has more than ${mostValues.toLocaleString("en")} values; give a larger step.`);
}

function wrong(message: string): BenchError {
  return new BenchError("bad-usage", message);
}
