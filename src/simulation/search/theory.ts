/** Bounds that no setting beats, true before any simulation. They leave candidates out, each with its figure, and accept none. */

import { capitalised } from "../../reports/text.ts";
import type { Bounds, Demand } from "./answer.ts";
import { type Load, loadOf, meanMs } from "./load.ts";
import type { Question } from "./question.ts";
import { numberOf, numberOr, type Reading } from "./reading.ts";
import { mostPerSecond, type Throttle, throttleOf } from "./throttle.ts";
import { callsWords, countWords, numberWords, rangeWords, timeWords } from "./words.ts";

/** A candidate is left out for this. */
export interface Exclusion {
  demand: Demand | "account";
  sentence: string;
  /** how far it is beyond what is asked, as a factor; 1 is not at all */
  excess: number;
  /** how many bounds it has kept before this one */
  kept: number;
}

type Bound = Omit<Exclusion, "kept">;

/** Numbers of the model that bounds rest on. */
export interface AccountLimits {
  concurrency: number;
  unreservedFloor: number;
  /** how long Lambda keeps an asynchronous event at most */
  asynchronousLifeMs: number;
  /** how long EventBridge keeps an event at most */
  busLifeMs: number;
  /** how long EventBridge waits for an API destination's answer */
  answerMs: number;
  /** where a queue or a stream does not say */
  queueLifeMs: number;
  streamLifeMs: number;
  visibilityMs: number;
  /** A stream's batch that failed for the first time is tried again after no more. */
  longestFirstRetryMs: number;
}

const hourMs = 3_600_000;
/** Beside its work an event costs a consumer no more than this on average, as far as theory may take for certain. */
const mostOverheadMs = 200;
/** A window that is shorter can end between two calls that begin together. */
const leastWindowMs = 800;

/** True whatever is deployed. */
export function boundsOf(question: Question): Bounds {
  const load = loadOf(question);
  const { events, callsPerSecond, rate, durationMs, workMs } = load;
  const leastDrainMs = Math.max(durationMs, (events / callsPerSecond) * 1_000);
  const leastWaitMs = Math.max(workMs.from, leastDrainMs - durationMs + workMs.from);
  const concurrencyAtLimit = (callsPerSecond * meanMs(workMs, 0)) / 1_000;
  const needsNoThrottle = rate <= callsPerSecond;
  const sentences = [
    needsNoThrottle
      ? `${rate === 1 ? "1 event a second is" : `${numberWords(rate)} events a second are`} no more than the ${callsWords(callsPerSecond)} of the limit: no throttle is needed.`
      : `At ${question.limit} the ${countWords(events, "event")} of a spike ${events === 1 ? "takes" : "take"} ${timeWords(leastDrainMs)} at least, and the last waits ${timeWords(leastWaitMs)}, whatever throttles.`,
    concurrencyAtLimit >= 1
      ? `At the limit's pace ${underWayWords(numberWords(concurrencyAtLimit))} under way at once, because each takes ${rangeWords(workMs)}.`
      : `One consumer that works ${rangeWords(workMs)} for an event makes up to ${callsWords(1_000 / Math.max(1, workMs.from))}: a concurrency of one is no limit of ${question.limit}.`,
  ];
  if (question.everyMs !== null && leastDrainMs > question.everyMs) {
    sentences.push(
      `A spike comes every ${timeWords(question.everyMs)}, so that the backlog grows without end: ${callsWords((events * 1_000) / question.everyMs)} come on average.`,
    );
  }
  return { callsPerSecond, leastDrainMs, leastWaitMs, concurrencyAtLimit, needsNoThrottle, sentences };
}

function underWayWords(calls: string): string {
  return calls === "1" ? "1 call is" : `${calls} calls are`;
}

/** Says why a way with its settings cannot do what is asked; null: it may. The first bound that it does not keep counts. */
export function exclusionOf(reading: Reading, question: Question, account: AccountLimits): Exclusion | null {
  const load = loadOf(question);
  const throttle = throttleOf(reading, load);
  const found = [
    accountExclusion(reading, account),
    orderExclusion(reading, question),
    duplicatesExclusion(reading, question),
    timeoutExclusion(reading, load, question),
    limitExclusion(reading, throttle, load, question, account),
    waitExclusion(throttle, load, question),
    spikesExclusion(throttle, load, question),
    lifeExclusion(reading, throttle, load, question, account),
    attemptsExclusion(reading, load, question),
  ];
  const kept = found.findIndex((each) => each !== null);
  return kept === -1 ? null : { ...found[kept]!, kept };
}

function accountExclusion(reading: Reading, { concurrency, unreservedFloor }: AccountLimits): Bound | null {
  const reserved = numberOf(reading, "reserved");
  const reservable = Math.max(0, concurrency - unreservedFloor);
  if (!(reserved > reservable)) return null;
  const sentence = `AWS keeps ${unreservedFloor} of the account's concurrency of ${concurrency} from being reserved, so that ${reservable === 0 ? "none" : `no more than ${reservable}`} can be.`;
  return { demand: "account", sentence, excess: reserved / Math.max(1, reservable) };
}

function orderExclusion(reading: Reading, { order }: Question): Bound | null {
  if (order === null) return null;
  if (reading.source !== "fifo" && reading.source !== "stream") {
    const what = {
      queue: "A standard queue",
      schedule: "A standard queue",
      topic: "Lambda's internal queue",
      url: "EventBridge",
    }[reading.source as "queue" | "schedule" | "topic" | "url"];
    return {
      demand: "order",
      sentence: `${what ?? "This way"} promises no order: only a FIFO queue and a stream's shard do.`,
      excess: 10,
    };
  }
  const groups = numberOr(reading, "messageGroups", 1);
  if (order.within === "all" && groups > 1) {
    const sentence = `${countWords(groups, "message group")} keep ${groups} orders: one over all events needs one group, which is worked one event at a time.`;
    return { demand: "order", sentence, excess: groups };
  }
  if (order.within === "group" && groups > order.groups) {
    const sentence = `${countWords(groups, "message group")} do not keep the order of ${order.groups}.`;
    return { demand: "order", sentence, excess: groups / order.groups };
  }
  return null;
}

/** Streams do as queues: https://docs.aws.amazon.com/streams/latest/dev/kinesis-record-processor-duplicates.html */
function duplicatesExclusion({ source }: Reading, { duplicatesTolerated }: Question): Bound | null {
  if (duplicatesTolerated || source === "fifo") return null;
  const what = {
    queue: "A standard queue delivers",
    schedule: "A standard queue delivers",
    topic: "Lambda's internal queue delivers",
    url: "EventBridge delivers",
    stream: "A stream delivers",
  }[source as "queue" | "schedule" | "topic" | "url" | "stream"];
  return {
    demand: "duplicates",
    sentence: `${what ?? "It delivers"} at least once: an event may come twice.`,
    excess: 10,
  };
}

function timeoutExclusion(reading: Reading, { workMs, events }: Load, question: Question): Bound | null {
  const timeoutMs = numberOf(reading, "timeout") * 1_000;
  if (!(workMs.from > timeoutMs) || events <= allowedLoss(question, events)) return null;
  const sentence = `ConsumerTimeout ${numberOf(reading, "timeout")} ends every event, because each takes ${rangeWords(workMs)}.`;
  return { demand: "loss", sentence, excess: workMs.from / timeoutMs };
}

function limitExclusion(
  reading: Reading,
  throttle: Throttle,
  load: Load,
  question: Question,
  account: AccountLimits,
): Bound | null {
  const { limit, windowMs, rate, events, durationMs } = load;
  const { concurrency, pace, soonAtWork, perEventMs } = throttle;
  const allowed = limit.calls;
  if (pace === null) {
    const perCallMs = perEventMs.mean + mostOverheadMs + stallMs(reading, question, account);
    const sustained = Math.min((soonAtWork * 1_000) / perCallMs, rate * 0.8);
    const isSustained = events >= 20 * Math.min(soonAtWork, rate) || events >= 4 * allowed + 20;
    // Events that were throttled come back at a time that nobody knows: a reservation is at work for certain only while new ones come.
    const busyMs = throttle.isOverpulled ? Math.min(windowMs, durationMs) : windowMs;
    const calls = Math.min(0.8 * events, (sustained * busyMs) / 1_000);
    if (isSustained && calls >= 1.25 * allowed + 0.5) return overLimit(reading, throttle, load, question);
    const atOnce = Math.min(soonAtWork, events);
    const areTogether = windowMs >= leastWindowMs && (rate * windowMs) / 1_000 >= 3 * (allowed + 1);
    if (atOnce > allowed && areTogether && events > 3 * allowed) return overLimit(reading, throttle, load, question);
    return null;
  }
  // A pace over the limit keeps it where the concurrency holds it back.
  const held = concurrency === null ? Number.POSITIVE_INFINITY : (concurrency.value * 1_000) / perEventMs.most;
  const sustained = Math.min(pace.value, held, rate * 0.8);
  const isLong = events >= 4 * allowed + 20;
  const calls = Math.min(0.8 * events, (sustained * windowMs) / 1_000);
  if (reading.source === "schedule" || !isLong || calls < 1.25 * allowed + 0.5) return null;
  const sentence = `${capitalised(pace.by)} lets up to ${callsWords(pace.value)} through: over the limit of ${question.limit}.`;
  return { demand: "limit", sentence, excess: pace.value / load.callsPerSecond };
}

/** The time, ms, for which a call's failure holds up the events behind it, on average over all calls. */
function stallMs(
  reading: Reading,
  { failureRate }: Question,
  { visibilityMs, longestFirstRetryMs }: AccountLimits,
): number {
  if (failureRate === 0) return 0;
  if (reading.source === "fifo") return failureRate * numberOr(reading, "visibility", visibilityMs / 1_000) * 1_000;
  if (reading.source !== "stream") return 0;
  // The waits double from failure to failure.
  return failureRate < 0.5 ? (failureRate * longestFirstRetryMs) / (1 - 2 * failureRate) : Number.POSITIVE_INFINITY;
}

/** The sentence for what its concurrency lets through; `excess` by the calls a second. */
function overLimit(reading: Reading, throttle: Throttle, load: Load, question: Question): Bound {
  return {
    demand: "limit",
    sentence: `${rateSentence(reading, throttle, load)}: over the limit of ${question.limit}.`,
    excess: excessOf(throttle, load),
  };
}

function excessOf({ concurrency, perEventMs }: Throttle, { callsPerSecond, rate }: Load): number {
  const most =
    concurrency === null ? rate : Math.min(rate, (concurrency.value * 1_000) / Math.max(1, perEventMs.least));
  return Math.max(1.01, most / callsPerSecond);
}

/** `ReservedConcurrency 1 with 300 ms of work makes up to 3.3 calls/s` */
export function rateSentence(
  reading: Reading,
  { concurrency, pace, perEventMs, holdMs }: Throttle,
  load: Load,
): string {
  if (pace !== null) return `${capitalised(pace.by)} paces its requests`;
  if (concurrency === null) return `Nothing throttles: up to ${callsWords(load.rate)} reach the downstream`;
  const per = holdMs > load.workMs.from ? `a hold of ${timeWords(holdMs)}` : `${rangeWords(load.workMs)} of work`;
  const most = Math.min(load.rate, (concurrency.value * 1_000) / Math.max(1, perEventMs.least));
  const atOnce = concurrency.value > load.limit.calls && most <= load.callsPerSecond;
  const isLeast = concurrency.by === `${reading.settings.maximumConcurrency} 2`;
  const least = isLeast ? ", the least there is," : "";
  const isPlural = /^\d/.test(concurrency.by);
  const doing = atOnce
    ? `${isPlural ? "let" : "lets"} ${concurrency.value} calls begin together`
    : `${isPlural ? "make" : "makes"} up to ${callsWords(most)}`;
  return `${capitalised(concurrency.by)}${least} with ${per} ${doing}`;
}

function waitExclusion(throttle: Throttle, whole: Load, question: Question): Bound | null {
  const { maxWaitMs, limit } = question;
  if (maxWaitMs === null) return null;
  const load = withoutLost(whole, question);
  const { events, durationMs, workMs, windowMs } = load;
  const of = ofWords(load, whole);
  // At the strictest reading of the limit, which is what its verdict allows.
  const leastMs = (Math.ceil(events / load.limit.calls) - 1) * windowMs - durationMs + workMs.from;
  if (leastMs > maxWaitMs) {
    const sentence = `At ${limit} the last of ${of} waits ${timeWords(boundsWait(load))} at least: longer than ${timeWords(maxWaitMs)}.`;
    return { demand: "wait", sentence, excess: leastMs / maxWaitMs };
  }
  const drainMs = leastDrainOf(throttle, load);
  const waitMs = drainMs - durationMs;
  if (waitMs <= maxWaitMs) return null;
  const sentence = `${drainSentence(throttle, load, drainMs, of)}, so that the last waits ${timeWords(waitMs)}: longer than ${timeWords(maxWaitMs)}.`;
  return { demand: "wait", sentence, excess: waitMs / maxWaitMs };
}

/** The load of the events that have to be completed: what may be lost need not wait for its turn. */
function withoutLost(load: Load, question: Question): Load {
  return { ...load, events: load.events - Math.floor(allowedLoss(question, load.events)) };
}

/** `1,000 events`, `950 of the 1,000 events` */
function ofWords({ events }: Load, whole: Load): string {
  const all = countWords(whole.events, "event");
  return events === whole.events ? all : `${countWords(events, "event").split(" ")[0]} of the ${all}`;
}

function boundsWait({ events, callsPerSecond, durationMs, workMs }: Load): number {
  return (events / callsPerSecond) * 1_000 - durationMs + workMs.from;
}

/** The least time that a throttle takes for a spike, ms. */
export function leastDrainOf(throttle: Throttle, load: Load): number {
  const { pace, concurrency, holdMs } = throttle;
  const perSecond = mostPerSecond(throttle, load.events);
  // An event is completed before its hold is over, so that nobody waits for the holds of the last ones.
  const held = holdMs > load.workMs.from ? (concurrency?.value ?? 0) : 0;
  return Math.max(load.durationMs, ((load.events - Math.max(pace?.atOnce ?? 0, held)) / perSecond) * 1_000);
}

function drainSentence({ concurrency, pace, holdMs }: Throttle, { workMs }: Load, drainMs: number, of: string): string {
  const isPaced = pace !== null;
  const by = isPaced ? capitalised(pace.by) : capitalised(concurrency!.by);
  const takes = /^\d/.test(by) ? "take" : "takes";
  const per = isPaced
    ? ""
    : holdMs > workMs.from
      ? ` with a hold of ${timeWords(holdMs)}`
      : ` with ${rangeWords(workMs)} of work`;
  return `${by}${per} ${takes} ${timeWords(drainMs)} for ${of}`;
}

function spikesExclusion(throttle: Throttle, whole: Load, question: Question): Bound | null {
  const { everyMs, limit } = question;
  if (everyMs === null) return null;
  const load = withoutLost(whole, question);
  const of = ofWords(load, whole);
  const leastMs = (Math.ceil(load.events / load.limit.calls) - 1) * load.windowMs;
  if (leastMs > everyMs) {
    const spikeTakes = load.events === whole.events ? `a spike of ${of} takes` : `${of} of a spike take`;
    const sentence = `At ${limit} ${spikeTakes} ${timeWords(boundsWait(load) + load.durationMs)}, and the next comes after ${timeWords(everyMs)}.`;
    return { demand: "spikes", sentence, excess: leastMs / everyMs };
  }
  const drainMs = leastDrainOf(throttle, load);
  if (drainMs <= everyMs) return null;
  const sentence = `${drainSentence(throttle, load, drainMs, of)}, and the next spike comes after ${timeWords(everyMs)}.`;
  return { demand: "spikes", sentence, excess: drainMs / everyMs };
}

/** Events that are given up because they wait for too long. */
function lifeExclusion(
  reading: Reading,
  throttle: Throttle,
  load: Load,
  question: Question,
  { asynchronousLifeMs, busLifeMs, queueLifeMs, streamLifeMs }: AccountLimits,
): Bound | null {
  const inQueueMs = numberOr(reading, "retention", queueLifeMs / 1_000) * 1_000;
  const inStreamMs = numberOr(reading, "streamRetention", streamLifeMs / hourMs) * hourMs;
  const lives: Partial<Record<NonNullable<Reading["source"]>, [holder: string, lifeMs: number]>> = {
    topic: ["Lambda", asynchronousLifeMs],
    url: ["EventBridge", busLifeMs],
    stream: ["The stream", inStreamMs],
    queue: ["The queue", inQueueMs],
    fifo: ["The queue", inQueueMs],
    schedule: ["The queue", inQueueMs],
  };
  const life = reading.source && lives[reading.source];
  if (!life) return null;
  const [holder, lifeMs] = life;
  const drainMs = leastDrainOf(throttle, load);
  const lateShare = 1 - (lifeMs + load.durationMs) / drainMs;
  if (!(lateShare > 0) || lateShare * load.events <= allowedLoss(question, load.events)) return null;
  const sentence = `${drainSentence(throttle, load, drainMs, countWords(load.events, "event"))}, and ${holder === "The queue" || holder === "The stream" ? holder.toLowerCase() : holder} gives events up after ${timeWords(lifeMs)}.`;
  return { demand: "loss", sentence, excess: drainMs / lifeMs };
}

/** Events that every attempt fails. */
function attemptsExclusion(reading: Reading, load: Load, question: Question): Bound | null {
  const { failureRate } = question;
  const attempts = attemptsOf(reading);
  if (failureRate === 0 || attempts === null) return null;
  const expected = load.events * failureRate ** attempts;
  const allowed = allowedLoss(question, load.events);
  // Certain but for one run in ten thousand.
  if (expected - 4 * Math.sqrt(expected) <= allowed || expected < 10) return null;
  const sentence = `With ${countWords(attempts, "attempt")} and ${numberWords(failureRate * 100)}% of the calls failing, ${countWords(Math.round(expected), "event")} of ${countWords(load.events, "event").split(" ")[0]} are given up.`;
  return { demand: "loss", sentence, excess: Math.max(1.01, expected / Math.max(1, allowed)) };
}

/** How often an event is tried before it is given up; null: it is not known. */
function attemptsOf(reading: Reading): number | null {
  if (reading.source === "topic") return 3;
  if (reading.source === "stream") {
    const retries = numberOf(reading, "streamRetries");
    return Number.isNaN(retries) || retries < 0 ? null : retries + 1;
  }
  const receives = numberOf(reading, "receives");
  return Number.isNaN(receives) ? null : receives;
}

export function allowedLoss({ maxLoss }: Question, events: number): number {
  return "share" in maxLoss ? maxLoss.share * events : maxLoss.amount;
}
