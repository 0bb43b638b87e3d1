/** The commands that come after an answer: run the winner, keep it, or ask for what would do. */
import { defaultToleranceMs } from "../../../infra/handlers/limit.ts";
import type { Scenario } from "../../model.ts";
import { commandOf } from "../../reports/command.ts";
import type { NextStep } from "../../reports/next-steps.ts";
import { isShipped } from "../../scenarios/catalogue.ts";
import { settingsOf } from "../../scenarios/settings.ts";
import type { Answer, Candidate, Remedy } from "../../simulation/search/answer.ts";
import { eventsOf, type Question } from "../../simulation/search/question.ts";
import { maxEvents } from "../flags/burst.ts";
import { defaultPlatform } from "../flags/model.ts";
import { wordsOf } from "../flags/question.ts";
import { timeText } from "../flags/times.ts";
import { unitMs } from "../flags/values.ts";

/** The pace has a flag of its own. */
const paceSetting = "PublishRate";
/** A time of `run`, in ms. */
const longestTime = 14 * unitMs.d;
const accountConcurrency = "lambda.accountConcurrency";

/** How a question chose its ways. */
export interface ChosenWays {
  /** as they were typed; undefined: all shipped ones */
  ways: readonly string[] | undefined;
  /** the flags of a template of the user's own; empty: the question is about none */
  from: readonly string[];
}

/** `out`: the file that the winner was written to; null: none. */
export function nextSteps(
  answer: Answer,
  scenarios: readonly Scenario[],
  chosen: ChosenWays,
  out: string | null,
): NextStep[] {
  const [first] = answer.candidates;
  if (answer.winner === null || first === undefined)
    return answer.remedies.slice(0, 1).map((remedy) => askAgain(answer.question, remedy, chosen));
  const scenario = scenarios.find(({ name }) => name === first.way.name)!;
  const own = chosen.from.slice(1);
  const isOwn = own[0] === scenario.file;
  const run = runCommand(answer.question, scenario, first, out === null ? (isOwn ? own : null) : [out], out !== null);
  return [
    { does: "Run it here, on the local model:", command: run },
    { does: "Measure it on your account:", command: `${run} --target aws` },
    ...(out === null
      ? [
          {
            does: "Write it as a template of your own:",
            command: commandOf(
              "recommend",
              ...wordsOf(answer.question, chosen.ways, chosen.from),
              "--out",
              "mine.yaml",
            ),
          },
        ]
      : []),
  ];
}

/** The run of a candidate that is judged by what the question asks. `words`: the scenario as it is typed; null: by its name. `isWritten`: its settings are in its file. */
export function runCommand(
  question: Question,
  scenario: Scenario,
  candidate: Candidate,
  words: readonly string[] | null,
  isWritten = words !== null,
): string {
  const { limit, toleranceMs, spike, maxLoss, maxWaitMs, model } = question;
  const own = settingsOf(scenario, []);
  const sets = Object.entries(candidate.settings).filter(
    ([name, value]) => name !== paceSetting && own[name] !== value,
  );
  const numbers = {
    ...model.constants,
    ...(question.accountConcurrency !== null && { [accountConcurrency]: question.accountConcurrency }),
  };
  return commandOf(
    "run",
    ...(words ?? [isShipped(scenario) ? (scenario.alias ?? scenario.name) : scenario.file]),
    ...(!isWritten ? sets.flatMap(([name, value]) => ["--set", `${name}=${value}`]) : []),
    "--rate",
    `${spike.rate}/s`,
    ...lengthFlags(question),
    ...spikesFlags(question),
    "--limit",
    limit,
    ...(toleranceMs === defaultToleranceMs ? [] : ["--limit-tolerance", String(toleranceMs)]),
    "--max-loss",
    "share" in maxLoss ? `${Number((maxLoss.share * 100).toFixed(4))}%` : String(maxLoss.amount),
    ...(maxWaitMs === null ? [] : ["--max-wait", runTime(Math.max(1_000, Math.floor(maxWaitMs / 1_000) * 1_000))]),
    ...(model.platform === defaultPlatform ? [] : ["--platform", model.platform]),
    ...(model.profile === null ? [] : ["--calibration", model.profile.name]),
    ...Object.entries(numbers).flatMap(([name, value]) => ["--assume", `${name}=${value}`]),
  );
}

/** `--for` takes whole seconds. */
function lengthFlags({ spike }: Question): string[] {
  if (spike.durationMs % 1_000 === 0) return ["--for", runTime(spike.durationMs)];
  return ["--events", String(eventsOf(spike))];
}

/** Two spikes show whether the backlog of one reaches the next. */
function spikesFlags({ everyMs, spike }: Question): string[] {
  if (everyMs === null || everyMs % 1_000 !== 0 || everyMs > longestTime || 2 * eventsOf(spike) > maxEvents) return [];
  return ["--every", runTime(everyMs), "--spikes", "2"];
}

/** As `run` takes times: whole seconds, minutes or hours. */
function runTime(ms: number): string {
  const text = timeText(ms);
  return text.endsWith("d") ? `${ms / 3_600_000}h` : text;
}

/** The same question, with what would do in place of what nothing keeps. */
function askAgain(question: Question, remedy: Remedy, { ways, from }: ChosenWays): NextStep {
  const command = commandOf("recommend", ...wordsOf({ ...question, ...changedBy(remedy, question) }, ways, from));
  return { does: `Ask again, with what would do. ${remedy.sentence}`, command };
}

function changedBy({ give, value }: Remedy, { limit, spike }: Question): Partial<Question> {
  switch (give) {
    case "limit":
      return { limit: `${value}/${limit.split("/")[1]}` };
    case "spike":
      return { spike: { ...spike, durationMs: Math.max(1, Math.floor((value * 1_000) / spike.rate)) } };
    case "duration":
      return { spike: { ...spike, durationMs: Math.ceil(value) } };
    case "wait":
      return { maxWaitMs: Math.ceil(value) };
    case "work":
      return { workMs: { from: Math.ceil(value), to: Math.ceil(value) } };
    case "every":
      return { everyMs: Math.ceil(value) };
    case "order":
      return { order: null };
    case "duplicates":
      return { duplicatesTolerated: true };
    case "loss":
      return { maxLoss: { amount: value } };
    case "budget":
      return { budgetDollars: value };
  }
}
