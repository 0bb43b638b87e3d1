/** The candidates of one question by what their simulations say, and their order. */
import type { DemandVerdict } from "./answer.ts";
import type { Entry } from "./entries.ts";
import { type Judgement, judge } from "./judging.ts";
import { besideBillOf, movingPartsOf } from "./moving-parts.ts";
import { accountLimitsOf } from "./pool.ts";
import type { Question } from "./question.ts";
import { type Rankable, rankedOf } from "./ranking.ts";
import { type Exclusion, exclusionOf } from "./theory.ts";
import { type Lab, Trials } from "./trials.ts";

/** A candidate with all that its simulations say. */
export interface Judged extends Rankable, Judgement {
  entry: Entry;
}

export class Field {
  readonly #trials: Trials;
  readonly #accountLimits;
  /** by key; judged anew once there are more runs */
  readonly #judged = new Map<string, Judged>();

  /** `ranges`: each simulation draws what is unpublished. */
  constructor(
    private readonly question: Question,
    lab: Lab,
    ranges: boolean,
  ) {
    this.#trials = new Trials(question, lab, ranges);
    this.#accountLimits = accountLimitsOf(question);
  }

  /** Sees to it that each has so many runs. */
  async run(entries: readonly Entry[], repetitions: number): Promise<void> {
    await this.#trials.run(entries, repetitions);
  }

  /** The candidates that were simulated, each once, the best first. */
  ranked(entries: readonly Entry[]): Judged[] {
    const distinct = [...new Map(entries.map((entry) => [entry.key, entry])).values()];
    return rankedOf(distinct.flatMap((entry) => this.judged(entry) ?? []));
  }

  /** null: it was not simulated, or cannot be deployed. */
  judged(entry: Entry): Judged | null {
    const runs = this.#trials.runsOf(entry);
    if (runs.length === 0 || this.#trials.refusalOf(entry) !== null) return null;
    const known = this.#judged.get(entry.key);
    if (known?.runs === runs.length) return known;
    const exclusion = exclusionOf(entry.reading, this.question, this.#accountLimits);
    const judgement = promised(judge(runs, this.question, besideBillOf(entry)), exclusion);
    const judged = { ...judgement, entry, key: entry.key, movingParts: movingPartsOf(entry, this.question).count };
    this.#judged.set(entry.key, judged);
    return judged;
  }
}

/** A way that promises no order, or that events come once, does not keep it because it did so in simulations. */
function promised(judgement: Judgement, exclusion: Exclusion | null): Judgement {
  if (exclusion === null || (exclusion.demand !== "order" && exclusion.demand !== "duplicates")) return judgement;
  const { demand, sentence } = exclusion;
  const of = judgement.runs;
  const broken: DemandVerdict = {
    demand,
    brokenIn: of,
    of,
    brokenShareAtMost: 1,
    confidence: "not promised",
    sentence: sentence.replace(/\.$/, ""),
  };
  const demands = judgement.demands.map((each) => (each.demand === demand ? broken : each));
  return { ...judgement, standing: "breaks", demands, worst: broken, brokenShare: 1, distance: judgement.distance + 5 };
}
