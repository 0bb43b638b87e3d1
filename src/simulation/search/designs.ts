/** The designs worth trying for a way: values for the parts that its settings play, as an engineer would choose them for the question. */
import { type Load, meanMs } from "./load.ts";
import type { Question } from "./question.ts";
import { numberOf, numberOr, type Part, type Reading } from "./reading.ts";

/** A value for each part that is decided; the others keep the template's. */
export type Design = Partial<Record<Part, string>>;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const advisedTimeouts = 6;
const advisedReceives = 5;
const longestTimeoutSeconds = 900;
const longestVisibilitySeconds = 43_200;
const mostReceives = 1_000;
const leastMaximumConcurrency = 2;
const mostMaximumConcurrency = 1_000;
const linesOfShard = 10;
/** SQS gives at most so many messages at a time, and it is the default of mappings. */
const usualBatch = 10;
/** A consumer spends this beside its work on an event, ms: connection, insert, and the call that invokes it. */
const besideWorkMs = 150;
/** The share of the time between two requests of a rate; the rest is for the jitter of their ways. */
const heldShare = 0.95;
/** One event in a million may be given up for calls that fail by chance. */
const bearableLoss = 1e-6;

/** The parts that the question itself decides, wherever a template leaves them to a setting. */
export function askedParts(reading: Reading, question: Question, { workMs, rate }: Load): Design {
  return only(reading, {
    work: String(workMs.from),
    workMax: String(workMs.to > workMs.from ? workMs.to : 0),
    failureRate: String(question.failureRate),
    publishRate: String(rate),
    noisyShare: "0",
    ...(question.consumerMemoryMb !== undefined && { memory: String(question.consumerMemoryMb) }),
  });
}

/** All designs for a way, the likeliest first where there are too many to try. */
export function designsOf(reading: Reading, question: Question, load: Load): Design[] {
  const throttles = throttleDesigns(reading, question, load);
  const designs = throttles.flatMap((throttle) =>
    batches(reading, throttle).flatMap((batched) => safeguards(reading, batched, question, load)),
  );
  return distinct(designs.map((design) => only(reading, design)));
}

/** Designs one step away from one, for a closer look around the best. */
export function neighboursOf(design: Design, reading: Reading, question: Question, load: Load): Design[] {
  const near: Design[] = [];
  const change = (part: Part, ...values: number[]) => {
    const now = Number(design[part] ?? reading.values[part]);
    for (const value of values) {
      if (Number.isFinite(now) && value !== now && value > 0) near.push({ ...design, [part]: String(value) });
    }
  };
  const at = (part: Part) => Number(design[part] ?? reading.values[part]);
  const around = (value: number) => [value - 1, value + 1, Math.floor(value * 0.9), Math.ceil(value * 1.1)];
  change("reserved", ...around(at("reserved")));
  if (at("maximumConcurrency") >= leastMaximumConcurrency) {
    const values = around(at("maximumConcurrency")).filter((each) => each >= leastMaximumConcurrency);
    change("maximumConcurrency", ...values);
  }
  if (question.order === null && at("messageGroups") > 1) change("messageGroups", ...around(at("messageGroups")));
  if (at("hold") > 0) change("hold", Math.round(at("hold") * 1.05));
  change("pullCount", roundCount(at("pullCount") * 0.95), roundCount(Math.ceil(at("pullCount") * 1.05)));
  change("destinationRate", at("destinationRate") - 1, at("destinationRate") + 1);
  change("parallelization", at("parallelization") - 1, at("parallelization") + 1);
  change("visibility", roundSeconds(at("visibility") * 2), roundSeconds(at("visibility") * 4));
  change("receives", at("receives") * 2, at("receives") * 5);
  // A timeout follows from what a batch takes, and is not moved by itself.
  const completed = near.flatMap((each) => {
    const seconds = timeoutSeconds(reading, each, load);
    if (seconds === null) return [];
    const visibility = Math.max(Number(each.visibility ?? 0), seconds);
    return [
      {
        ...each,
        timeout: String(Math.max(seconds, at("timeout") || 0)),
        ...(each.visibility ? { visibility: String(visibility) } : {}),
      },
    ];
  });
  return distinct(completed.map((each) => only(reading, each)));
}

/** Leaves out the parts that no setting of the template plays. */
function only({ settings }: Reading, design: Design): Design {
  return Object.fromEntries(Object.entries(design).filter(([part]) => settings[part as Part] !== undefined));
}

function throttleDesigns(reading: Reading, question: Question, load: Load): Design[] {
  if ((reading.values.limiter ?? "none") !== "none") return limiterDesigns(load);
  switch (reading.source) {
    case "queue":
      return heldDesigns(reading, load, (count) => queueCaps(reading, count));
    case "fifo":
      return heldDesigns(reading, load, (count) => groupCaps(reading, question, count));
    case "stream":
      return heldDesigns(reading, load, (count) => streamCaps(question, count));
    case "topic":
      return heldDesigns(reading, load, (count) => [{ reserved: String(count) }]);
    case "url":
      return destinationDesigns(load);
    case "schedule":
      return pullDesigns(reading, load);
    default:
      return [];
  }
}

/** Concurrencies with and without a hold. With a hold of the limit's unit over m, a limit of n calls bears n over m consumers. */
function heldDesigns(reading: Reading, load: Load, caps: (count: number) => Design[]): Design[] {
  const designs = concurrencies(load, 0).flatMap((count) => caps(count).map((cap) => ({ hold: "0", ...cap })));
  if (reading.settings.hold === undefined) return designs;
  for (const { holdMs, count } of holds(load)) {
    designs.push(...caps(count).map((cap) => ({ hold: String(holdMs), ...cap })));
  }
  return designs;
}

/** Concurrencies around what keeps the limit for certain, and what keeps it on average. */
function concurrencies(load: Load, holdMs: number): number[] {
  const { limit, workMs, callsPerSecond } = load;
  const certain = certainConcurrency(load, holdMs);
  const average = (callsPerSecond * (meanMs(workMs, holdMs) + besideWorkMs)) / 1_000;
  const shares = [1, 0.9, 0.75, 0.5];
  const values = [
    ...shares.flatMap((share) => [certain * share, average * share]),
    Math.ceil(average),
    Math.min(limit.calls, certain + 1),
    1,
    // Where no throttle is needed, the spike decides how many are at work.
    ...(load.rate <= callsPerSecond ? [(load.rate * (workMs.to + besideWorkMs) * 2) / 1_000] : []),
  ];
  return whole(values, 1, mostMaximumConcurrency);
}

/** So many consumers never begin more calls in a window than the limit allows, however they fall together. */
export function certainConcurrency({ limit, windowMs, workMs }: Load, holdMs: number): number {
  const leastMs = Math.max(workMs.from, holdMs);
  if (leastMs <= 0) return 0;
  return Math.floor(limit.calls / Math.max(1, Math.ceil(windowMs / leastMs)));
}

/** Holds that are longer than the shortest work, each with the consumers that it allows. */
function holds({ limit, workMs }: Load): { holdMs: number; count: number }[] {
  const found: { holdMs: number; count: number }[] = [];
  for (const calls of whole([1, 2, limit.calls / 2, limit.calls], 1, limit.calls)) {
    const count = Math.floor(limit.calls / calls);
    // Not of the window, which is shorter by the tolerance: that is for the jitter of calls, and not for more of them.
    const holdMs = Math.ceil(limit.perMs / calls);
    if (holdMs > workMs.from && holdMs <= longestTimeoutSeconds * 1_000) found.push({ holdMs, count });
  }
  return found;
}

/** A reservation throttles what was received; a mapping's own maximum does not receive it; both together overpull least. */
function queueCaps({ settings, values }: Reading, count: number): Design[] {
  const off = { maximumConcurrency: "0" };
  const maximum = String(Math.min(mostMaximumConcurrency, Math.max(leastMaximumConcurrency, count)));
  if (values.maximumPollers !== undefined) {
    const pollers = String(Math.max(2, Math.floor(count / 10)));
    return [{ minimumPollers: "2", maximumPollers: pollers, maximumConcurrency: "0" }];
  }
  if (settings.reserved !== undefined) {
    const reserved = String(count);
    return [
      { reserved, maximumConcurrency: maximum },
      { reserved, ...off },
    ];
  }
  return count >= leastMaximumConcurrency ? [{ maximumConcurrency: maximum }] : [{ maximumConcurrency: "2" }, off];
}

/** The message groups are a choice where no order is asked, or where fewer keep the order of more. */
function groupCaps({ settings }: Reading, { order }: Question, count: number): Design[] {
  const capped = (groups: number): Design[] => {
    const messageGroups = String(groups);
    const reserved = settings.reserved === undefined ? {} : { reserved: String(count) };
    const cap = { messageGroups, maximumConcurrency: "0", ...reserved };
    if (count < leastMaximumConcurrency || count >= groups) return [cap];
    return [{ ...cap, maximumConcurrency: String(Math.min(mostMaximumConcurrency, count)) }];
  };
  if (order === null) return [{ ...capped(count)[0]!, messageGroups: String(count) }];
  if (order.within === "all") return capped(1);
  // One group is always among them.
  const fitting = divisorsOf(order.groups).findLast((each) => each <= count)!;
  return [...capped(order.groups), ...capped(fitting)];
}

function streamCaps({ order }: Question, count: number): Design[] {
  const shards = Math.ceil(count / linesOfShard);
  const parallelization = Math.min(linesOfShard, Math.ceil(count / shards));
  const lines = { shards: String(shards), parallelization: String(parallelization) };
  if (order === null) return [lines];
  return [{ ...lines, messageGroups: String(order.within === "all" ? 1 : order.groups) }];
}

function limiterDesigns(load: Load): Design[] {
  const { limit, workMs, callsPerSecond } = load;
  const busy = (callsPerSecond * (meanMs(workMs, 0) + besideWorkMs)) / 1_000;
  const counts = whole([busy + 1, busy * 1.5 + 1, busy * 2 + 2, 20], leastMaximumConcurrency, mostMaximumConcurrency);
  return [1, 0.97, 0.9].flatMap((share) =>
    counts.map((count) => ({
      limiterRate: rateText(limit.calls * share, limit.perMs),
      limiterCapacity: "1",
      maximumConcurrency: String(count),
    })),
  );
}

/** A limit's text for a rate: a second or a minute of three decimals, rounded down. */
export function rateText(calls: number, perMs: number): string {
  const [per, unit] = perMs % 60_000 === 0 && perMs !== 1_000 ? [60_000, "m"] : [1_000, "s"];
  const rate = Math.max(0.001, Math.floor(((calls * per) / perMs) * 1_000 + 1e-6) / 1_000);
  return `${Number(rate.toFixed(3))}/${unit}`;
}

/** The rate paces requests; a consumer that holds each keeps apart the calls that a cold start brings together. */
function destinationDesigns(load: Load): Design[] {
  const { callsPerSecond, workMs } = load;
  const rates = whole(
    [1, 0.9, 0.75, 0.5].map((share) => callsPerSecond * share),
    1,
    300,
  );
  return rates.flatMap((rate) => {
    const destinationRate = String(rate);
    const busy = (rate * (workMs.to + besideWorkMs)) / 1_000;
    const unheld = { destinationRate, hold: "0", reserved: String(Math.ceil(busy) + 1) };
    // The rate paces already, so that a hold keeps calls apart that came together, and is over when the next request comes.
    const held = holds(load).map(({ holdMs, count }) => ({
      destinationRate,
      hold: String(Math.ceil(holdMs * heldShare)),
      reserved: String(count),
    }));
    const capped = { ...unheld, reserved: String(Math.max(1, certainConcurrency(load, 0))) };
    return [...held, unheld, capped];
  });
}

/** A pull works its messages one after the other, and has to be through before the next begins. */
function pullDesigns({ settings }: Reading, load: Load): Design[] {
  const { callsPerSecond, workMs } = load;
  const spacings = [
    0,
    ...(settings.hold === undefined
      ? []
      : holds(load)
          .filter(({ count }) => count === 1)
          .map(({ holdMs }) => holdMs)),
  ];
  return spacings.flatMap((holdMs) => {
    const perEventMs = meanMs(workMs, holdMs) + besideWorkMs / 3;
    const fitting = 60_000 / perEventMs;
    const counts = whole(
      [1, 0.95, 0.85, 0.6].map((share) => roundCount(Math.min(fitting, callsPerSecond * 60) * share)),
      1,
      600,
    );
    return counts.map((count) => ({ pullCount: String(count), hold: String(holdMs), reserved: "1" }));
  });
}

/** One event at a time, or ten in a batch, of which only what failed comes back. */
function batches({ source, settings, values }: Reading, design: Design): Design[] {
  if (settings.batchSize === undefined || (values.limiter ?? "none") !== "none") return [design];
  const single = { ...design, batchSize: "1", window: "0" };
  if (source !== "queue" && source !== "fifo" && source !== "stream") return [single];
  return [single, { ...design, batchSize: String(usualBatch), window: "0", reportsFailures: "true" }];
}

/** Timeout, visibility and receives that hold what the consumer does. */
function safeguards(reading: Reading, design: Design, question: Question, load: Load): Design[] {
  const seconds = timeoutSeconds(reading, design, load);
  if (seconds === null) return [];
  const timed = { ...design, timeout: String(seconds) };
  const { settings, source } = reading;
  const retries = settings.streamRetries === undefined ? {} : { streamRetries: String(neededAttempts(question, load)) };
  if (settings.visibility === undefined) return [{ ...timed, ...retries }];
  const advised = Math.min(longestVisibilitySeconds, roundSeconds(advisedTimeouts * seconds));
  const enough = neededAttempts(question, load);
  const guard = (visibility: number, receives: number) => ({
    ...timed,
    visibility: String(Math.min(longestVisibilitySeconds, visibility)),
    receives: String(Math.min(mostReceives, Math.max(receives, enough))),
  });
  if ((reading.values.limiter ?? "none") !== "none") return [guard(advised, numberOf(reading, "receives"))];
  // Only a reservation throttles what was received already, unless no more than it holds is received at once.
  const maximum = Number(design.maximumConcurrency ?? 0);
  const isThrottled = maximum === 0 || maximum > Number(design.reserved);
  if (source === "queue" && settings.reserved !== undefined && isThrottled) {
    return [
      guard(advised, advisedReceives),
      guard(advised, 100),
      guard(Math.max(advised, 300), 10),
      guard(Math.max(advised, 900), 10),
    ];
  }
  // A message that failed comes back after it, and holds up its message group until then.
  const short = source === "fifo" && question.failureRate > 0 ? [guard(seconds, advisedReceives)] : [];
  return [guard(advised, advisedReceives), ...short];
}

/** Attempts after which hardly any event is given up. */
function neededAttempts({ failureRate }: Question, { events }: Load): number {
  if (failureRate <= 0) return advisedReceives;
  return upTo(5, Math.max(advisedReceives, Math.log(bearableLoss / events) / Math.log(failureRate)));
}

/** Holds the longest batch, or the longest sleep of a limiter, with a quarter to spare; null: Lambda runs no function so long. */
function timeoutSeconds(reading: Reading, design: Design, load: Load): number | null {
  const value = (part: Part, otherwise: number) => Number(design[part] ?? numberOr(reading, part, otherwise));
  const eventMs = Math.max(load.workMs.to, value("hold", 0));
  if ((reading.values.limiter ?? "none") !== "none") {
    const sleepMs = (value("maximumConcurrency", 1) * 1_000) / load.callsPerSecond;
    return seconds((eventMs + sleepMs) * 2 + 5_000);
  }
  if (reading.source === "schedule") return seconds(value("pullCount", 1) * (eventMs + besideWorkMs / 3) * 1.1 + 5_000);
  return seconds((value("batchSize", 1) * (eventMs + 20) + 1_500) * 1.25);
}

function seconds(ms: number): number | null {
  const whole = upTo(5, Math.max(5, ms / 1_000));
  return whole <= longestTimeoutSeconds ? whole : null;
}

/** Up to the next half minute, and above ten minutes to the next minute, as an engineer would type it. */
function roundSeconds(seconds: number): number {
  return upTo(seconds > 600 ? 60 : 30, seconds);
}

function upTo(step: number, value: number): number {
  return Math.ceil(value / step - 1e-9) * step;
}

/** Down to a multiple of five where that takes little away. */
function roundCount(count: number): number {
  return count < 20 ? Math.floor(count) : Math.floor(count / 5 + 1e-9) * 5;
}

/** The whole numbers below the values within bounds, each once, in the order given. */
function whole(values: readonly number[], least: number, most: number): number[] {
  const fitting = values.map((value) => Math.floor(value + 1e-9)).filter((value) => value >= least && value <= most);
  return [...new Set(fitting)];
}

function divisorsOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1).filter((each) => count % each === 0);
}

function distinct(designs: readonly Design[]): Design[] {
  const seen = new Map(designs.map((design) => [JSON.stringify(Object.entries(design).sort()), design]));
  return [...seen.values()];
}
