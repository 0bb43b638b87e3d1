/** "Did you mean": the names that a mistyped word may stand for. */
import { editDistance, nearest } from "../template/nearest.ts";

/** A name that somebody may have meant. */
export interface Candidate {
  name: string;
  /** Another text that says what it is, such as a title. */
  about?: string;
}

/** So many fit into a sentence. */
const mostMeant = 3;

/**
 * The names that somebody may have meant, the likeliest first: the one that is a slip away or has the same words; those that another word stands for, by
 * `meanings`; those that have every word of what was typed; the nearest by its letters. None: nothing is near.
 */
export function meant(
  typed: string,
  candidates: readonly Candidate[],
  meanings: Readonly<Record<string, readonly string[]>> = {},
): string[] {
  const names = candidates.map(({ name }) => name);
  const near = nearest(typed, names);
  if (near !== null && editDistance(near.toLowerCase(), typed.toLowerCase()) <= Math.min(2, typed.length / 4)) {
    return [near];
  }
  const words = wordsIn(typed);
  const same = names.filter((name) => wordsIn(name).join(" ") === words.join(" "));
  if (same.length > 0) return same;
  const other = words.flatMap((word) => (Object.hasOwn(meanings, word) ? meanings[word]! : []));
  const byMeaning = other.filter((name, index) => names.includes(name) && other.indexOf(name) === index);
  if (byMeaning.length > 0) return byMeaning.slice(0, mostMeant);
  const has = ({ name, about = "" }: Candidate) => {
    const known = wordsIn(`${name} ${about}`);
    return words.every((word) => known.includes(word));
  };
  const byWords = words.length === 0 ? [] : candidates.filter(has).map(({ name }) => name);
  if (byWords.length > 0) return byWords.slice(0, mostMeant);
  return near === null ? [] : [near];
}

/** `a, b or c`. The format is made on use, because it takes milliseconds to load, and most runs have no such sentence. */
export function alternatives(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(names);
}

/** `did you mean ConsumerTimeout or VisibilityTimeout?`; null for none. */
export function didYouMean(names: readonly string[]): string | null {
  return names.length === 0 ? null : `did you mean ${alternatives(names)}?`;
}

/** The words of a name in any case, of camel case too, without the s of a plural. */
function wordsIn(text: string): string[] {
  const words =
    text
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z]+|\d+/g) ?? [];
  return words.map((word) => word.replace(/(?<=..[^s])s$/, ""));
}
