/** The least to change of a way that somebody named: each change that it holds without is set back. */
import type { Candidate } from "./answer.ts";
import { askedParts } from "./designs.ts";
import { type Entry, entryOf, type OwnWay } from "./entries.ts";
import { loadOf } from "./load.ts";
import type { Question } from "./question.ts";
import type { Part } from "./reading.ts";

/** The settings that an engineer decides on, where they differ from the template's own; what the question decides is none of them. */
export function changesOf({ settings }: Entry, { own, reading }: OwnWay, question: Question): Candidate["changed"] {
  const parts = Object.keys(askedParts(reading, question, loadOf(question))) as Part[];
  const asked = new Set(parts.map((part) => reading.settings[part]));
  return Object.keys(settings)
    .filter((name) => settings[name] !== own[name] && !asked.has(name))
    .map((name) => ({ name, value: settings[name]!, own: own[name]! }));
}

/**
 * A candidate that holds, less every change that it holds without: `holds` is false of it with any one change more set back. It asks of at
 * most n(n + 1)/2 candidates where n settings are changed.
 */
export async function withLeastChanges(
  entry: Entry,
  way: OwnWay,
  question: Question,
  holds: (candidate: Entry) => Promise<boolean>,
): Promise<Entry> {
  for (const { name, own } of changesOf(entry, way, question)) {
    const parts = (Object.keys(entry.design) as Part[]).filter((part) => way.reading.settings[part] !== name);
    const design = Object.fromEntries(parts.map((part) => [part, entry.design[part]!]));
    const less = entryOf(way, { ...entry.settings, [name]: own }, design, "search");
    // Without one change another may be needless that was not before, so that all are tried again.
    if (await holds(less)) return withLeastChanges(less, way, question, holds);
  }
  return entry;
}
