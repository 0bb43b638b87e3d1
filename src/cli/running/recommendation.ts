/** Finds the answer to a question, within the time that there is for it, and says what comes after it. */
import { BenchError } from "../../errors.ts";
import type { Scenario } from "../../model.ts";
import type { Recommendation } from "../../reports/answers/document.ts";
import { findScenarios } from "../../scenarios/catalogue.ts";
import { templateWithSettings } from "../../scenarios/fixed-settings.ts";
import type { Answer } from "../../simulation/search/answer.ts";
import type { Question } from "../../simulation/search/question.ts";
import { answer, type Phase, type Told } from "../../simulation/search/search.ts";
import type { Simulating } from "../../simulation/simulating.ts";
import type { FlagsOf } from "../flags/flag.ts";
import { requireFree } from "../flags/out.ts";
import { wordsOf } from "../flags/question.ts";
import type { workers } from "../flags/workers.ts";
import { tell } from "../output.ts";
import { watchForInterruption } from "./interruption.ts";
import { commandOf, nextSteps, runCommand } from "./next-steps.ts";
import { openCount } from "./progress.ts";
import { withSimulators } from "./simulators.ts";

/** Tells a reader of each phase. */
const phases: Record<Phase, string> = {
  screen: "trying every way once",
  race: "racing the better ones",
  refine: "looking closer around the best",
  finalists: "running the finalists",
  rests: "finding what the winner rests on",
  remedies: "finding what would do",
};

/** Simulations that come before any is shown. */
const warmUp = 20;

/** How the search goes about its work. */
interface Choices extends FlagsOf<typeof workers> {
  /** names and paths; undefined: all shipped ones */
  ways?: string[];
  /** ms; undefined: it ends when it is done */
  timeBudget?: number;
  /** the file that the winner goes to; undefined: none */
  out?: string;
  /** whether the file may be there already */
  force?: boolean;
}

/** An answer with the template that it asks for. */
interface Found {
  recommendation: Recommendation;
  /** to be written; null: none was asked for, or nothing holds */
  template: { path: string; text: string } | null;
}

/** Throws BenchError: `bad-usage`, `unknown-scenario` and `bad-template` before anything is simulated, `interrupted`. */
export async function recommend(question: Question, choices: Choices): Promise<Found> {
  const { ways, timeBudget = null, out, force = false } = choices;
  // Before the search, because nobody wants to wait for a refusal.
  requireFree(out, force);
  const scenarios = findScenarios(ways ?? ["all"]);
  const found = await withSimulators(choices, (simulators) => search(question, scenarios, simulators, timeBudget));
  const [first] = found.candidates;
  if (out === undefined || first === undefined || found.winner === null) {
    if (out !== undefined) tell(`Nothing holds, so that nothing was written to ${out}.`);
    return { recommendation: { answer: found, next: nextSteps(found, scenarios, ways, null) }, template: null };
  }
  const scenario = scenarios.find(({ name }) => name === first.way.name)!;
  const comment = [
    "The answer of throttle-bench to:",
    `  ${commandOf("recommend", ...wordsOf(question, ways))}`,
    "Its defaults are the settings of the answer. This holds it to what was asked:",
    `  ${runCommand(question, scenario, first, out)}`,
  ].join("\n");
  const text = templateWithSettings(scenario, first.settings, { limit: question.limit, comment });
  return {
    recommendation: { answer: found, next: nextSteps(found, scenarios, ways, out) },
    template: { path: out, text },
  };
}

/**
 * Resolves with the answer, and with what was found by then when `timeBudgetMs` are over (null: there is no such end).
 * @throws BenchError `interrupted`, and what the search throws.
 */
async function search(
  question: Question,
  ways: readonly Scenario[],
  simulators: Simulating,
  timeBudgetMs: number | null,
): Promise<Answer> {
  const interruption = watchForInterruption("Interrupted: the search ends, and nothing was created.");
  const signals = [interruption.signal, ...(timeBudgetMs === null ? [] : [AbortSignal.timeout(timeBudgetMs)])];
  const progress = await openCount(phases.screen, "simulations");
  // The first take longer, because the threads start with them, and would tell of a time that nothing takes.
  const told = ({ phase, done, planned }: Parameters<Told>[0]) => {
    if (done >= warmUp) progress.show(done, planned, phases[phase]);
  };
  try {
    const found = await answer(question, ways, simulators, told, AbortSignal.any(signals));
    if (interruption.signal.aborted)
      throw new BenchError("interrupted", "The search was interrupted; nothing was written.");
    return found;
  } finally {
    progress.stop();
    interruption.release();
  }
}
