/** Warns of settings of a limiter, or of what becomes of refused events, that cannot work as they are meant. */
import { type Limit, parseLimit } from "../../infra/handlers/limit.ts";
import type { Scenario, Settings, Warning } from "../model.ts";
import type { TemplateResource } from "../template/template.ts";
import { type Amount, amountIn, type QueueReading, type ServiceDefaults } from "./queue-reading.ts";

/**
 * When n sleep for one token, the first to ask has it, each with the chance of 1/n: one in 400 is still without when 6 n are given.
 */
const unluckyRounds = 6;

/** A variable of a function, with the setting that gives it. */
interface Variable {
  text: string;
  amount: Amount;
}

/** The function's limiter and downstream as the handlers read them. */
interface Refusing {
  fn: TemplateResource;
  limiter: Variable | null;
  rate: Variable | null;
  capacity: Variable | null;
  downstreamLimit: Variable | null;
  whenRefused: Variable | null;
}

export function refusalWarnings(
  scenario: Scenario,
  settings: Settings,
  readings: readonly QueueReading[],
  isChosen: (...amounts: Amount[]) => boolean,
  defaults: ServiceDefaults,
): Warning[] {
  const amount = amountIn(scenario, settings);
  const isGiven = (...variables: (Variable | null)[]) =>
    isChosen(...variables.flatMap((variable) => variable?.amount ?? []));
  return amount.resources
    .filter(({ type }) => type === "AWS::Lambda::Function")
    .flatMap((fn) => {
      const variable = (name: string) => variableOf(fn, name, amount);
      const refusing: Refusing = {
        fn,
        limiter: switchedOn(variable("LIMITER")),
        rate: variable("LIMITER_RATE"),
        capacity: variable("LIMITER_CAPACITY"),
        downstreamLimit: switchedOn(variable("DOWNSTREAM_LIMIT")),
        whenRefused: variable("WHEN_REFUSED"),
      };
      const reading = readings.find((each) => each.fn.logicalId === fn.logicalId);
      return [
        ...rateWarnings(refusing, scenario, isGiven),
        ...receivesWarnings(refusing, reading, isGiven),
        ...waitWarnings(refusing, reading, amount, isChosen, defaults),
        ...returnWarnings(refusing, reading, isGiven),
      ];
    });
}

type Amounts = ReturnType<typeof amountIn>;
type IsGiven = (...variables: (Variable | null)[]) => boolean;

/** null: it is absent, or not known before the run. */
function variableOf(fn: TemplateResource, name: string, amounts: Amounts): Variable | null {
  const keys = ["Environment", "Variables", name];
  const text = amounts.textOf(fn, ...keys);
  const amount = amounts.of(fn, null, ...keys);
  return text === null || text === "" || amount === null ? null : { text, amount };
}

function switchedOn(variable: Variable | null): Variable | null {
  return variable === null || ["0", "none"].includes(variable.text) ? null : variable;
}

function* rateWarnings(
  { fn, limiter, rate, capacity, downstreamLimit }: Refusing,
  scenario: Scenario,
  isGiven: IsGiven,
): Iterable<Warning> {
  const limitText = downstreamLimit?.text ?? scenario.limit;
  const [limit, granted] = [limitOf(limitText), limitOf(rate?.text ?? null)];
  if (limiter === null || limitText === null || limit === null || granted === null) return;
  const atOnce = limiter.text === "token-bucket" ? (capacity?.amount.value ?? 1) : 1;
  const isFaster = granted.calls * limit.perMs > limit.calls * granted.perMs;
  const isMoreAtOnce = atOnce > limit.calls;
  if (!isFaster && !isMoreAtOnce) return;
  if (!isGiven(limiter, rate, downstreamLimit, isMoreAtOnce ? capacity : null)) return;
  yield {
    code: "limiter-above-limit",
    functionName: fn.logicalId,
    rate: rate!.text,
    capacity: atOnce,
    limit: limitText,
    lower: [...(isFaster ? [rate!.amount.name] : []), ...(isMoreAtOnce ? [capacity!.amount.name] : [])],
  };
}

/** A token bucket knows no event's turn, so that a message that is returned to its queue is as likely refused again as any other. */
function* receivesWarnings(
  { fn, limiter, whenRefused }: Refusing,
  reading: QueueReading | undefined,
  isGiven: IsGiven,
): Iterable<Warning> {
  const most = reading?.maxReceiveCount ?? null;
  if (limiter === null || reading === undefined || most === null) return;
  const answer = whenRefused?.text ?? "throw";
  const use = limiter.text === "reservation" ? "return" : "wait";
  if (answer === "wait" || answer === use || !isGiven(limiter, whenRefused)) return;
  yield {
    code: "refusals-use-up-receives",
    functionName: fn.logicalId,
    queue: reading.queue.logicalId,
    maxReceiveCount: most.value,
    whenRefused: answer,
    use,
    setting: whenRefused?.amount.name ?? "WhenRefused",
  };
}

/** Turns come one after the other; a token, or the room in a limit, goes to whoever asks first. */
function* waitWarnings(
  { fn, limiter, rate, downstreamLimit, whenRefused }: Refusing,
  reading: QueueReading | undefined,
  amounts: Amounts,
  isChosen: (...amounts: Amount[]) => boolean,
  defaults: ServiceDefaults,
): Iterable<Warning> {
  const pace = limiter === null ? downstreamLimit : rate;
  const limit = limitOf(pace?.text ?? null);
  const timeout = amounts.of(fn, defaults.timeoutSeconds, "Timeout")!;
  const work = amounts.of(fn, 0, "Environment", "Variables", "WORK_MS")!;
  if (whenRefused?.text !== "wait" || pace === null || limit === null) return;
  const caps = [
    ...(reading === undefined ? [] : [amounts.of(reading.mapping, Infinity, "ScalingConfig", "MaximumConcurrency")!]),
    amounts.of(fn, Infinity, "ReservedConcurrentExecutions")!,
  ];
  const least = caps.toSorted((a, b) => a.value - b.value)[0]!;
  const chosen = [pace, limiter, whenRefused].flatMap((variable) => variable?.amount ?? []);
  if (!isChosen(...chosen, timeout, work, ...caps)) return;
  const turns = (waiting: number) => (limiter?.text === "reservation" ? waiting : unluckyRounds * (waiting - 1) + 1);
  const neededMs = turns(least.value) * (limit.perMs / limit.calls) + work.value;
  if (!(neededMs > timeout.value * 1_000)) return;
  const isLimited = Number.isFinite(least.value);
  yield {
    code: "wait-beyond-timeout",
    functionName: fn.logicalId,
    waiting: isLimited ? least.value : null,
    neededSeconds: isLimited ? neededMs / 1_000 : null,
    timeoutSeconds: timeout.value,
    raise: timeout.name,
    lower: isLimited ? least.name : null,
  };
}

function* returnWarnings(
  { fn, limiter, downstreamLimit, whenRefused }: Refusing,
  reading: QueueReading | undefined,
  isGiven: IsGiven,
): Iterable<Warning> {
  const isRefusing = limiter !== null || downstreamLimit !== null;
  if (whenRefused?.text !== "return" || !isRefusing || reading !== undefined) return;
  if (!isGiven(limiter, downstreamLimit, whenRefused)) return;
  yield { code: "return-without-queue", functionName: fn.logicalId, setting: whenRefused.amount.name };
}

/** null: there is none, or the handler is going to refuse it. */
function limitOf(text: string | null): Limit | null {
  try {
    return text === null ? null : parseLimit(text);
  } catch {
    return null;
  }
}
