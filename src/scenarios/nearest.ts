/** "Did you mean": the candidate that a mistyped word is nearest to. */

/** Share of the longer word that may differ before a suggestion would be a guess. */
const tolerance = 0.5;

/** The candidate with the fewest edits from `word`, case not counted; `null` where none is near. The first of equals wins. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest && edits <= tolerance * Math.max(word.length, candidate.length)) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Levenshtein's distance: the fewest insertions, deletions and substitutions that turn `from` into `to`. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

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

const alternatives = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** `did you mean ConsumerTimeout or VisibilityTimeout?`; null for none. */
export function didYouMean(names: readonly string[]): string | null {
  return names.length === 0 ? null : `did you mean ${alternatives.format(names)}?`;
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
