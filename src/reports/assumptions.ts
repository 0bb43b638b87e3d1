/** The numbers of the model that a prediction went by, in words. */

import { isGiven } from "../metrics/caveats.ts";
import type { Assumption, NumberOrigin, RunRecord } from "../model.ts";
import { columnsOver, type Placed } from "./document.ts";

export const originWords: Record<NumberOrigin, string> = {
  given: "given",
  configuration: "by the configuration file",
  drawn: "drawn, in each run anew",
  profile: "of the profile",
  platform: "of the platform",
};

/** The spread of the database's times stands in the details: it decides little. */
const shownInDetails = "database.sigma";

/** `20 ms` · `1000 concurrent invocations` · `no limit` */
export function numberText({ value, unit }: Pick<Assumption, "value" | "unit">): string {
  return value === "none" ? "no limit" : `${Number(value.toPrecision(6))} ${unit}`.trim();
}

/** `Given: …` and `Assumed: …`: the numbers that somebody gave, and the downstream's that nobody did. No line without a number. */
export function assumptionLines({ assumptions }: Pick<RunRecord, "assumptions">): string[] {
  const given = (assumptions ?? []).filter(isGiven);
  const assumed = (assumptions ?? []).filter(
    (each) => !isGiven(each) && each.name.startsWith("database.") && each.name !== shownInDetails,
  );
  return [
    ...(given.length > 0 ? [`Given: ${given.map(asTyped).join(", ")}`] : []),
    ...(assumed.length > 0 ? [`Assumed: ${assumed.map(asTyped).join(", ")}`] : []),
  ];
}

/** A table of all that the record names. */
export function assumptionBlocks({ assumptions }: Pick<RunRecord, "assumptions">): Placed[] {
  if (assumptions === null || assumptions.length === 0) return [];
  const column = columnsOver(assumptions);
  const layout = [
    column("number of the model", ({ name }) => name, true),
    column("value", numberText),
    column("from", ({ origin }) => originWords[origin], true),
    column("plausible", ({ range }) => (range === null ? "" : `${range[0]} to ${range[1]}`)),
  ];
  return [{ kind: "table", name: "Numbers of the model", layouts: [layout] }];
}

/** As `--assume` takes it; a number that each run draws anew with its range. */
function asTyped({ name, value, origin, range }: Assumption): string {
  if (origin === "drawn" && range !== null) return `${name}=${range[0]}-${range[1]}`;
  const typed = `${name}=${value === "none" ? value : Number(value.toPrecision(6))}`;
  return origin === "configuration" ? `${typed} (configuration file)` : typed;
}
