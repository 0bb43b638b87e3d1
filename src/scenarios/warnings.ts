/** Warns of settings of the user's that lose events more often than they have to. */
import type { Scenario, Settings, Warning } from "../model.ts";
import {
  type Amount,
  amountIn,
  type QueueReading,
  queueReadings,
  type ServiceDefaults,
  streamBatchSizes,
} from "./queue-reading.ts";
import { refusalWarnings } from "./refusal-warnings.ts";

/** AWS advises both: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const advisedTimeouts = 6;
const advisedReceives = 5;

/**
 * `given`: the settings that the user gave; null: all of the template is the user's. A number that nobody chose is the scenario's own,
 * whose description tells of it.
 */
export function warningsOf(
  scenario: Scenario,
  settings: Settings,
  given: ReadonlySet<string> | null,
  defaults: ServiceDefaults,
): Warning[] {
  const isChosen = (...amounts: Amount[]) =>
    given === null || amounts.some(({ setting }) => setting !== null && given.has(setting));
  const readings = queueReadings(scenario, settings, defaults);
  return [
    ...readings.flatMap((reading) => [
      ...visibilityWarnings(reading, isChosen),
      ...receivesWarnings(reading, isChosen),
    ]),
    ...workWarnings(scenario, settings, readings, isChosen, defaults),
    ...refusalWarnings(scenario, settings, readings, isChosen, defaults),
  ];
}

type IsChosen = (...amounts: Amount[]) => boolean;

/** `overrides`: settings that were given, as `Name=value`. */
export function assumptionWarnings({ assumed }: Scenario, settings: Settings, overrides: readonly string[]): Warning[] {
  const isGiven = (name: string) => overrides.some((override) => override.startsWith(`${name}=`));
  return assumed
    .filter((name) => !isGiven(name))
    .map((name) => ({ code: "work-assumed", workMs: Number(settings[name]) }));
}

/** A number that is not known yet is NaN, and every comparison with it is false. */
function visibilityWarnings({ queue, visibility, timeout, window }: QueueReading, isChosen: IsChosen): Warning[] {
  const advisedSeconds = advisedTimeouts * timeout.value + window.value;
  if (!(visibility.value < advisedSeconds) || !isChosen(visibility, timeout, window)) return [];
  return [
    {
      code: "visibility-below-advice",
      queue: queue.logicalId,
      visibilitySeconds: visibility.value,
      advisedSeconds,
      timeoutSeconds: timeout.value,
      windowSeconds: window.value,
      raise: visibility.name,
    },
  ];
}

function receivesWarnings({ queue, maxReceiveCount }: QueueReading, isChosen: IsChosen): Warning[] {
  if (maxReceiveCount === null || !(maxReceiveCount.value < advisedReceives) || !isChosen(maxReceiveCount)) return [];
  return [
    {
      code: "receives-below-advice",
      queue: queue.logicalId,
      maxReceiveCount: maxReceiveCount.value,
      advised: advisedReceives,
      raise: maxReceiveCount.name,
    },
  ];
}

/** The consumer takes the events of a batch one after the other. */
function* workWarnings(
  scenario: Scenario,
  settings: Settings,
  readings: readonly QueueReading[],
  isChosen: IsChosen,
  defaults: ServiceDefaults,
): Iterable<Warning> {
  const amount = amountIn(scenario, settings);
  for (const fn of amount.resources.filter(({ type }) => type === "AWS::Lambda::Function")) {
    const variable = (name: string) => amount.of(fn, null, "Environment", "Variables", name);
    const works = ["WORK_MS", "WORK_MS_MAX"].map(variable).filter((each) => each !== null);
    const hold = variable("HOLD_MS");
    const [longest] = [...works, ...(hold === null ? [] : [hold])].toSorted(byValue);
    if (longest === undefined) continue;
    const timeout = amount.of(fn, defaults.timeoutSeconds, "Timeout")!;
    const queued = readings.filter((reading) => reading.fn.logicalId === fn.logicalId);
    const batches = [...queued.map(({ batchSize }) => batchSize), ...streamBatchSizes(amount, fn, defaults)];
    batches.push(...[variable("PULL_COUNT")].filter((each) => each !== null));
    const [largest] = batches.toSorted(byValue);
    const batchSize = largest?.value ?? 1;
    const [slowRate, slowFactor] = [variable("SLOW_RATE"), variable("SLOW_FACTOR")];
    const [work] = works.toSorted(byValue);
    const loads = [
      { events: batchSize, workMs: longest.value, by: [...(batchSize > 1 ? [largest!] : []), longest], rate: [] },
      // A slow event is too much alone.
      ...(work && slowRate && slowFactor && slowRate.value > 0
        ? [{ events: 1, workMs: work.value * slowFactor.value, by: [work, slowFactor], rate: [slowRate] }]
        : []),
    ];
    // Work that takes all of the time leaves none for the connection and the rows.
    const load = loads.find(({ events, workMs }) => events * workMs >= timeout.value * 1_000);
    if (load === undefined) continue;
    if (!isChosen(...load.by, ...load.rate, timeout, ...(largest === undefined ? [] : [largest]))) continue;
    yield {
      code: "work-beyond-timeout",
      functionName: fn.logicalId,
      batchSize: load.events,
      workMs: load.workMs,
      timeoutSeconds: timeout.value,
      raise: timeout.name,
      lower: load.by.map(({ name }) => name),
    };
  }
}

function byValue(a: Amount, b: Amount): number {
  return b.value - a.value;
}
