/** Finds the answer to a question, within the time that there is for it, and says what comes after it. */
import { BenchError } from "../../errors.ts";
import type { Scenario } from "../../model.ts";
import type { Recommendation } from "../../reports/answers/document.ts";
import type { OwnSystem } from "../../reports/answers/own.ts";
import { commandOf } from "../../reports/command.ts";
import { templateWithSettings } from "../../scenarios/fixed-settings.ts";
import { settingsOf } from "../../scenarios/settings.ts";
import type { Answer } from "../../simulation/search/answer.ts";
import type { Question } from "../../simulation/search/question.ts";
import { answer, type Phase, type Told } from "../../simulation/search/search.ts";
import type { Simulating } from "../../simulation/simulating.ts";
import type { FlagsOf } from "../flags/flag.ts";
import { requireFree } from "../flags/out.ts";
import { wordsOf } from "../flags/question.ts";
import { type SystemFlags, systemWords } from "../flags/system.ts";
import type { WorkRange } from "../flags/times.ts";
import { namedCandidates, type Tried } from "../flags/tried.ts";
import { badUsage } from "../flags/values.ts";
import type { workers } from "../flags/workers.ts";
import { tell } from "../output.ts";
import { chooseScenarios } from "./chosen-scenarios.ts";
import { requireFaultless } from "./faults.ts";
import { watchForInterruption } from "./interruption.ts";
import { nextSteps, runCommand } from "./next-steps.ts";
import { openCount } from "./progress.ts";
import { withSimulators } from "./simulators.ts";
import { readSource } from "./system-source.ts";

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
interface Choices extends FlagsOf<typeof workers>, SystemFlags {
  /** a template of the user's own; undefined: the question is about none */
  from?: string;
  /** undefined: the template's, else as the question has it */
  work?: WorkRange;
  tried?: readonly Tried[];
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
export async function recommend(asked: Question, choices: Choices): Promise<Found> {
  const { ways, timeBudget = null, out, force = false } = choices;
  // Before the search, because nobody wants to wait for a refusal.
  requireFree(out, force);
  const others = await chooseScenarios(ways ?? ["all"]);
  const { own, question, from } = await withOwn(asked, others, choices);
  const scenarios = own === null ? others : [own.lifted.scenario, ...others];
  const found = await withSimulators(choices, (simulators) => search(question, scenarios, simulators, timeBudget));
  const [first] = found.candidates;
  const told = (file: string | null) => ({
    answer: found,
    next: nextSteps(found, scenarios, { ways, from }, file),
    ...(own !== null && { own }),
  });
  if (out === undefined || first === undefined || found.winner === null) {
    if (out !== undefined) tell(`Nothing holds, so that nothing was written to ${out}.`);
    return { recommendation: told(null), template: null };
  }
  const scenario = scenarios.find(({ name }) => name === first.way.name)!;
  const comment = [
    "The answer of throttle-bench to:",
    `  ${commandOf("recommend", ...wordsOf(question, ways, from))}`,
    "Its defaults are the settings of the answer. This holds it to what was asked:",
    `  ${runCommand(question, scenario, first, [out])}`,
  ].join("\n");
  const text = templateWithSettings(scenario, first.settings, { limit: question.limit, comment });
  return { recommendation: told(out), template: { path: out, text } };
}

/** The question with the user's own system in it, whose settings it is held to where it says nothing else; `from`: the flags that ask for it again. */
async function withOwn(
  asked: Question,
  others: readonly Scenario[],
  { from: file, work, tried = [], ...flags }: Choices,
): Promise<{ own: OwnSystem | null; question: Question; from: string[] }> {
  if (file === undefined) {
    const [flag] = systemWords(flags, []);
    if (flag !== undefined) throw badUsage(`${flag} goes with --from; add that, or leave it out.`);
    return { own: null, question: { ...asked, named: namedCandidates(tried, others, null) }, from: [] };
  }
  const { own, words } = await ownSystem(file, others, flags, work);
  const { scenario } = own.lifted;
  const settings = settingsOf(scenario, []);
  requireFaultless(scenario, settings, true);
  const workMs = { from: Number(settings.WorkMs), to: Math.max(Number(settings.WorkMs), Number(settings.WorkMsMax)) };
  const memoryMb = Number(settings.ConsumerMemory);
  const named = [{ way: scenario.name, settings: {} }, ...namedCandidates(tried, [scenario, ...others], scenario)];
  const question = {
    ...asked,
    named,
    ...(work === undefined && workMs.to > 0 && { workMs }),
    ...(memoryMb > 0 && { consumerMemoryMb: memoryMb }),
  };
  return { own, question, from: ["--from", file, ...words] };
}

/** The user's system, whose name no other way has, and the flags that choose it again. */
async function ownSystem(
  file: string,
  others: readonly Scenario[],
  flags: SystemFlags,
  work?: WorkRange,
): Promise<{ own: OwnSystem; words: string[] }> {
  const { liftFrom, readFrom } = await import("./lifting.ts");
  const { system, lifted } = liftFrom(readFrom(readSource(file), flags), flags, work);
  const isTaken = others.some(({ name, alias }) => [name, alias].includes(lifted.scenario.name));
  const name = isTaken ? `own-${lifted.scenario.name}` : lifted.scenario.name;
  const own = {
    file: system.file,
    lifted: { ...lifted, scenario: { ...lifted.scenario, name } },
    isWorkAssumed: work === undefined && lifted.scenario.assumed.includes("WorkMs"),
  };
  return { own, words: systemWords(flags, system.template.parameters) };
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
