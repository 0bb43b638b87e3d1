/** Answers a question: theory prunes, simulation accepts. The same question has the same answer, whoever simulates. */
import { wayNameOf } from "../../metrics/ways.ts";
import type { Scenario } from "../../model.ts";
import type { Simulating } from "../simulating.ts";
import type { Answer, Candidate, Family } from "./answer.ts";
import { type Entry, isDeployable, type OwnWay } from "./entries.ts";
import { caveatOf, familySentence, verdictSentence } from "./families.ts";
import { Field, type Judged } from "./field.ts";
import { changesOf, withLeastChanges } from "./least-changes.ts";
import { movingPartsOf } from "./moving-parts.ts";
import { aroundOf, type Pool, poolOf } from "./pool.ts";
import { eventsOf, type Question } from "./question.ts";
import { frontierOf, rankedOf } from "./ranking.ts";
import { remediesOf } from "./remedies.ts";
import { restsOf } from "./resting.ts";
import { shapesOf } from "./shapes.ts";
import { boundsOf } from "./theory.ts";

import type { Lab } from "./trials.ts";

export type Phase = "screen" | "race" | "refine" | "finalists" | "rests" | "remedies";

/** Is told how far a search is: simulations done, and about how many there will be. */
export type Told = (progress: { phase: Phase; done: number; planned: number }) => void;

/** So much of the effort is for what the winner rests on, or for what would do where nothing holds. */
const sensitivityShare = 0.2;

/** So many candidates of a way that somebody named are run for the one with the fewest changes. */
const nearestTried = 4;

/** How many candidates get how many repetitions, by the effort. */
function scheduleOf(effort: number) {
  const share = (part: number, least: number) => Math.max(least, Math.floor(effort * part));
  const finalRuns = Math.min(200, Math.max(10, Math.floor(effort / 12)));
  return {
    screened: share(0.24, 20),
    first: { candidates: share(0.025, 6), runs: 4 },
    second: { candidates: share(0.01, 4), runs: 12 },
    refined: { families: share(0.0025, 1), runs: 12, candidates: share(0.006, 2) },
    third: { candidates: share(0.005, 3), runs: Math.min(30, finalRuns) },
    finalists: { candidates: Math.min(5, share(0.0014, 2)), runs: finalRuns, ofFamily: 2 },
    /** of the best candidate of every other family that has broken nothing, and of those that have */
    families: { runs: Math.min(60, finalRuns), simulations: share(0.3, 20), brokenRuns: Math.min(8, share(0.0025, 1)) },
    /** the winner gets as many again */
    confirmations: 3,
  };
}

/**
 * Answers a question by simulating `ways`, all of them scenarios that the caller found. `signal`: when it is aborted, the answer is what
 * was found by then, and is not final. @throws what simulating throws, but BenchErrors of candidates that cannot be deployed.
 */
export async function answer(
  question: Question,
  ways: readonly Scenario[],
  simulators: Simulating,
  told: Told = () => {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  const search = new Search(question, ways, simulators, told, signal);
  return search.answer();
}

class Search {
  readonly #schedule;
  readonly #screening: Field;
  readonly #racing: Field;
  readonly #shapes;
  readonly #lab: Lab;
  #phase: Phase = "screen";
  /** of the ways that somebody named */
  #nearest: Entry[] = [];
  #done = 0;

  constructor(
    private readonly question: Question,
    private readonly ways: readonly Scenario[],
    simulators: Simulating,
    told: Told,
    private readonly signal: AbortSignal,
  ) {
    this.#schedule = scheduleOf(question.effort);
    this.#shapes = shapesOf(ways);
    this.#lab = {
      simulators,
      signal,
      told: () => told({ phase: this.#phase, done: ++this.#done, planned: Math.max(this.#done, question.effort) }),
    };
    this.#screening = new Field(question, this.#lab, false);
    this.#racing = new Field(question, this.#lab, true);
  }

  async answer(): Promise<Answer> {
    const { screened, first, second, third } = this.#schedule;
    const shapes = this.#shapes;
    const pool = poolOf(this.question, shapes, Math.max(4, Math.floor(screened / Math.max(1, shapes.length))));
    const found = await this.#screen([...pool.given, ...pool.searched.flat()]);
    this.#phase = "race";
    let racing = await this.#race(found, first);
    racing = await this.#race(racing, second);
    this.#phase = "refine";
    const refined = await this.#refine(racing);
    this.#phase = "race";
    const all = [...racing, ...refined];
    racing = await this.#race(all, third);
    this.#phase = "finalists";
    const { finalists, families } = await this.#finalists(racing, [...pool.given, ...all, ...found]);
    return this.#told(pool, finalists, families, found);
  }

  /** One simulation of each in the middle of the ranges. The best come first. */
  async #screen(entries: readonly Entry[]): Promise<Entry[]> {
    await this.#screening.run(entries, 1);
    const judged = entries.flatMap((entry) => this.#screening.judged(entry) ?? []);
    return rankedOf(judged).map(({ entry }) => entry);
  }

  /** Simulates the best of each way, and the best of all, so many times, and gives them in their new order. */
  async #race(entries: readonly Entry[], { candidates, runs }: { candidates: number; runs: number }): Promise<Entry[]> {
    const bestOfWays = entries.filter(
      (entry, index) => entries.findIndex(({ scenario }) => scenario === entry.scenario) === index,
    );
    const ordered = [...new Set([...bestOfWays.slice(0, Math.ceil(candidates / 2)), ...entries])];
    const chosen = ordered.filter((entry) => !this.#isHopeless(entry)).slice(0, candidates);
    await this.#racing.run(chosen, runs);
    return this.#racing.ranked(chosen).map(({ entry }) => entry);
  }

  /** A closer look around the best of each way that has broken nothing yet. */
  async #refine(racing: readonly Entry[]): Promise<Entry[]> {
    const { families, runs, candidates } = this.#schedule.refined;
    const known = new Set(racing.map(({ key }) => key));
    const best = this.#racing
      .ranked(racing)
      .filter(
        ({ distance, entry }, index, all) =>
          distance === 0 && all.findIndex((each) => each.entry.scenario === entry.scenario) === index,
      )
      .slice(0, families);
    const near = best.flatMap(({ entry }) => aroundOf(entry, this.#shapes, this.question));
    const fresh = near.filter(
      ({ key }, index) => !known.has(key) && near.findIndex((each) => each.key === key) === index,
    );
    const screened = await this.#screen(fresh);
    const chosen = screened.slice(0, candidates);
    await this.#racing.run(chosen, runs);
    return chosen;
  }

  /** The best of all until nothing that was simulated less is better, and the best of each family. */
  async #finalists(
    racing: readonly Entry[],
    all: readonly Entry[],
  ): Promise<{ finalists: Judged[]; families: Judged[] }> {
    const { finalists, families, confirmations } = this.#schedule;
    const chosen: Entry[] = [];
    for (const { entry, standing } of this.#racing.ranked(racing)) {
      const ofFamily = chosen.filter(({ scenario }) => scenario === entry.scenario).length;
      if (standing === "breaks" || chosen.length >= finalists.candidates || ofFamily >= finalists.ofFamily) continue;
      chosen.push(entry);
    }
    await this.#racing.run(chosen, finalists.runs);
    const bests = this.#bestOfFamilies(all);
    const clean = bests.filter((entry) => this.#isClean(entry));
    const affordable = Math.floor(families.simulations / Math.max(1, clean.length));
    await this.#racing.run(clean, Math.max(families.brokenRuns, Math.min(families.runs, affordable)));
    const named = all.filter(({ origin }) => origin === "user");
    await this.#racing.run([...bests, ...named], families.brokenRuns);
    await this.#racing.run(
      named.filter((entry) => this.#isClean(entry)),
      finalists.runs,
    );
    // Whatever comes first then has to stand the most runs, and twice as many with others' seeds.
    for (let round = 0; round < confirmations; round++) {
      const [top] = this.#racing.ranked([...chosen, ...bests]);
      if (top === undefined || top.standing === "breaks" || top.runs >= 2 * finalists.runs) break;
      if (!chosen.includes(top.entry)) chosen.push(top.entry);
      await this.#racing.run([top.entry], 2 * finalists.runs);
    }
    this.#nearest = await this.#nearestOfNamed(all);
    return { finalists: this.#racing.ranked(chosen), families: this.#racing.ranked(bests) };
  }

  /** The candidate of each way that stands best by what was simulated of it so far. */
  #bestOfFamilies(entries: readonly Entry[]): Entry[] {
    const distinct = [...new Map(entries.map((entry) => [entry.key, entry])).values()];
    return this.ways.flatMap((way) => {
      const own = distinct.filter(({ scenario }) => scenario === way);
      const tried = own.filter((entry) => this.#racing.judged(entry) !== null);
      const clean = this.#racing.ranked(tried).find(({ standing }) => standing !== "breaks");
      if (clean !== undefined) return [clean.entry];
      const screened = own.flatMap((entry) => this.#racing.judged(entry) ?? this.#screening.judged(entry) ?? []);
      const [best] = rankedOf(screened);
      return best === undefined ? [] : [best.entry];
    });
  }

  /** The candidate of each way that somebody named that holds with the fewest changes, so that the least to do is told. None of them is needless. */
  async #nearestOfNamed(all: readonly Entry[]): Promise<Entry[]> {
    const changes = (entry: Entry) => this.#changedOf(entry).length;
    const holds = (entry: Entry) => this.#holds(entry);
    const nearest: Entry[] = [];
    for (const name of new Set(this.question.named.map(({ way }) => way))) {
      const own = [...new Map(all.map((entry) => [entry.key, entry])).values()]
        .filter((entry) => entry.scenario.name === name && entry.origin !== "user" && this.#isClean(entry))
        .toSorted((one, other) => changes(one) - changes(other));
      let least: Entry | null = null;
      for (const [index, entry] of own.entries()) {
        // Another that has held may be told where it has as few, so that none of its changes may be needless either.
        const isTried = this.#keeps(entry) || (least === null && index < nearestTried);
        if (!isTried || (least !== null && changes(entry) > changes(least)) || !(await holds(entry))) continue;
        const less = await withLeastChanges(entry, this.#wayOf(entry), this.question, holds);
        if (least === null || changes(less) < changes(least)) least = less;
      }
      if (least !== null) nearest.push(least);
    }
    return nearest;
  }

  /** Simulates it as often as a finalist, and no further once it has broken something. */
  async #holds(entry: Entry): Promise<boolean> {
    if (!isDeployable(entry)) return false;
    const { families, finalists } = this.#schedule;
    for (const runs of [families.brokenRuns, finalists.runs]) {
      await this.#racing.run([entry], runs);
      if (this.#racing.judged(entry)?.distance !== 0) return false;
    }
    return this.#keeps(entry);
  }

  #keeps(entry: Entry): boolean {
    return this.#racing.judged(entry)?.standing === "keeps";
  }

  /** It breaks something in most runs. */
  #isHopeless(entry: Entry): boolean {
    const judged = this.#racing.judged(entry) ?? this.#screening.judged(entry);
    return judged === null || judged.brokenShare > 0.5;
  }

  #isClean(entry: Entry): boolean {
    return (this.#racing.judged(entry) ?? this.#screening.judged(entry))?.distance === 0;
  }

  async #told(
    pool: Pool,
    finalists: readonly Judged[],
    families: readonly Judged[],
    found: readonly Entry[],
  ): Promise<Answer> {
    const given = this.#racing.ranked([...pool.given.filter(({ origin }) => origin === "user"), ...this.#nearest]);
    const shown = rankedOf([
      ...new Map([...finalists, ...families, ...given].map((each) => [each.key, each])).values(),
    ]);
    const holding = shown.filter(({ standing }) => standing !== "breaks");
    const frontier = new Set(frontierOf(holding.length > 0 ? holding : shown).map(({ key }) => key));
    const isFinalist = new Set(finalists.map(({ key }) => key));
    const candidates = shown.map((judged, index): Candidate => {
      const { entry, standing, demands, figures, runs } = judged;
      return {
        id: `c${index + 1}`,
        way: wayNameOf(entry.scenario),
        origin: entry.origin,
        settings: entry.settings,
        changed: this.#changedOf(entry),
        standing,
        sentence: verdictSentence(judged, this.question),
        caveat: caveatOf(judged, this.question),
        demands,
        figures,
        movingParts: movingPartsOf(entry, this.question),
        runs,
        isFinalist: isFinalist.has(judged.key),
        isOnFrontier: frontier.has(judged.key),
      };
    });
    const idOf = (judged: Judged | undefined) => (judged === undefined ? null : `c${shown.indexOf(judged) + 1}`);
    const [best] = shown;
    const winner = best !== undefined && best.standing !== "breaks" ? best : null;
    this.#phase = winner === null ? "remedies" : "rests";
    const share = Math.floor(this.question.effort * sensitivityShare);
    const rests = winner && (await restsOf(winner.entry, this.question, this.#lab, share));
    const remedies =
      winner === null
        ? await remediesOf(this.question, this.#shapes, this.#lab, this.question.effort - this.#done)
        : [];
    return {
      question: this.question,
      events: eventsOf(this.question.spike),
      candidates,
      families: this.#families(pool, shown, winner, found, idOf),
      winner: winner && { candidate: idOf(winner)!, rests: rests! },
      bounds: boundsOf(this.question),
      remedies,
      frontier: shown.filter(({ key }) => frontier.has(key)).map((judged) => idOf(judged)!),
      simulations: { planned: this.question.effort, done: this.#done },
      isFinal: !this.signal.aborted,
    };
  }

  #families(
    pool: Pool,
    shown: readonly Judged[],
    winner: Judged | null,
    found: readonly Entry[],
    idOf: (judged: Judged | undefined) => string | null,
  ): Family[] {
    const families = this.ways.map((way, index) => {
      const best = shown.find(({ entry }) => entry.scenario === way);
      const pruning = pool.prunings.get(way.name) ?? { pruned: 0, nearest: null };
      const isOut =
        pool.searched.flat().every(({ scenario }) => scenario !== way) &&
        best?.standing !== "keeps" &&
        best?.standing !== "doubtful";
      const isUntried = best === undefined && !isOut && this.signal.aborted;
      const family: Family = {
        way: wayNameOf(way),
        standing: isUntried ? "doubtful" : isOut || best === undefined ? "out" : best.standing,
        best: idOf(best),
        reason: isUntried
          ? "Time was over before it was tried."
          : familySentence(best ?? null, winner, isOut ? pruning.nearest : null, this.question),
        pruned: pruning.pruned,
        simulated: found.filter(({ scenario }) => scenario === way).length,
      };
      return {
        family,
        index,
        rank: best === undefined ? shown.length : shown.indexOf(best) + (isOut ? shown.length : 0),
      };
    });
    return families
      .toSorted((one, other) => one.rank - other.rank || one.index - other.index)
      .map(({ family }) => family);
  }

  #changedOf(entry: Entry): Candidate["changed"] {
    return changesOf(entry, this.#wayOf(entry), this.question);
  }

  #wayOf({ scenario }: Entry): OwnWay {
    return this.#shapes.flat().find((way) => way.scenario === scenario)!;
  }
}
