/** Says to the readers of a report what each figure means. */
import { claims } from "../metrics/claims.ts";
import { allFigures, figures } from "../metrics/figures.ts";

const furtherTerms: [term: string, meaning: string][] = [
  ["Difference", "This run − published, and its share of what was published."],
  [
    "Claims",
    `A scenario promises some of these of its runs with the settings that it ships with. ${Object.values(claims)
      .map(({ meaning }) => meaning)
      .join(" ")}`,
  ],
  [
    "Median (5-95%)",
    "Of runs that differ in their seed alone: the middle one, and the range that leaves 5% of them on either side.",
  ],
  ["Prediction, measurement", "A local run predicts with a model of the AWS services; a run in an account measures."],
];

/** Each meaning stands once, with the names of all figures that share it. */
export const definitions: [term: string, meaning: string][] = [...namesByMeaning(), ...furtherTerms];

function namesByMeaning(): [names: string, meaning: string][] {
  const names = new Map<string, string[]>();
  for (const figure of allFigures) {
    const { name, meaning } = figures[figure];
    names.set(meaning, [...(names.get(meaning) ?? []), name]);
  }
  return [...names].map(([meaning, same]) => [same.join(", "), meaning]);
}
