/** Says how the calls of the downstream kept a limit: exactly by the times at which they began, and later by what a record keeps of them. */
import { defaultToleranceMs, type Limit, parseLimit } from "../../infra/handlers/limit.ts";
import type { Bounds, CallSecond, Calls, LimitBreach, PeakCount } from "../model.ts";

const secondMs = 1_000;
const minuteMs = 60_000;

/** A record tells this of a limit. */
export interface JudgedLimit {
  /** whole seconds since the first call in which a window ends that holds more calls than the limit allows */
  exceededSeconds: Bounds;
  /** most calls in one window */
  peak: Bounds;
}

/**
 * The limit is exceeded when more than its calls begin within one unit less the tolerance. A window is half open, so that calls exactly
 * so far apart are in two; it ends at the call that comes last in it. `beganAt`: ascending, ms.
 */
export function breachOf(beganAt: ArrayLike<number>, { calls, perMs }: Limit, toleranceMs: number): LimitBreach {
  let exceededSeconds = 0;
  let latest = -1;
  let peak = 0;
  eachWindow(beganAt, perMs - toleranceMs, (size, second) => {
    peak = Math.max(peak, size);
    if (size <= calls || second === latest) return;
    latest = second;
    exceededSeconds++;
  });
  return { exceededSeconds, peak };
}

/** Makes what a record keeps of the calls. `limit`: the run's own, which alone is judged exactly whatever its unit and tolerance. */
export function callsOf(
  beganAt: ArrayLike<number>,
  source: Calls["source"],
  limit: { limit: string; toleranceMs: number } | null,
): Calls {
  const seconds = secondsOf(beganAt);
  return {
    source,
    count: beganAt.length,
    firstAt: beganAt[0] ?? null,
    seconds,
    peaks: {
      perSecond: counted(seconds.map(({ peakPerSecond }) => peakPerSecond)),
      perMinute: counted(seconds.map(({ peakPerMinute }) => peakPerMinute)),
    },
    breach: limit && {
      limit: limit.limit,
      toleranceMs: limit.toleranceMs,
      ...breachOf(beganAt, parseLimit(limit.limit)!, limit.toleranceMs),
      peaks: ownPeaks(beganAt, parseLimit(limit.limit)!, limit.toleranceMs),
    },
  };
}

/** The kept peak of every second by which calls are held against a limit; null: neither of the two that every second has. */
export function keptPeak({ perMs }: Limit, toleranceMs: number): "peakPerSecond" | "peakPerMinute" | null {
  const windowMs = perMs - toleranceMs;
  if (windowMs === secondMs - defaultToleranceMs) return "peakPerSecond";
  return windowMs === minuteMs - defaultToleranceMs ? "peakPerMinute" : null;
}

/** The most calls in a window of the limit that ends in each second that has calls; null: every second is kept with them. */
function ownPeaks(beganAt: ArrayLike<number>, limit: Limit, toleranceMs: number): number[] | null {
  if (keptPeak(limit, toleranceMs) !== null) return null;
  const peaks: number[] = [];
  let latest = -1;
  eachWindow(beganAt, limit.perMs - toleranceMs, (size, second) => {
    if (second !== latest) peaks.push(size);
    else peaks[peaks.length - 1] = Math.max(peaks.at(-1)!, size);
    latest = second;
  });
  return peaks;
}

/**
 * Judges a limit by what a record keeps. It is exact for calls per second and per minute at the default tolerance; for other windows
 * the shorter and longer ones that are kept, and the calls of whole seconds, give bounds.
 */
export function judgeLimit(calls: Calls, limit: Limit, toleranceMs: number): JudgedLimit {
  const windowMs = limit.perMs - toleranceMs;
  const kept = keptPeak(limit, toleranceMs);
  if (kept === "peakPerSecond") return exactly(calls.peaks.perSecond, limit.calls);
  if (kept === "peakPerMinute") return exactly(calls.peaks.perMinute, limit.calls);
  if (calls.seconds !== null) return boundedBySeconds(calls.seconds, limit.calls, windowMs);
  return boundedByPeaks(calls, limit.calls, windowMs);
}

/** Calls `found` with the size of the window that ends at each call, and the whole second since the first call in which it ends. */
function eachWindow(beganAt: ArrayLike<number>, windowMs: number, found: (size: number, second: number) => void): void {
  let oldest = 0;
  for (let newest = 0; newest < beganAt.length; newest++) {
    while (oldest < newest && beganAt[newest]! - beganAt[oldest]! >= windowMs) oldest++;
    found(newest - oldest + 1, Math.floor((beganAt[newest]! - beganAt[0]!) / secondMs));
  }
}

/** The whole seconds since the first call that have any, in order. */
function secondsOf(beganAt: ArrayLike<number>): CallSecond[] {
  const seconds: CallSecond[] = [];
  const shortMs = secondMs - defaultToleranceMs;
  const longMs = minuteMs - defaultToleranceMs;
  // One pass for both windows, because every simulation asks for them. These are the first calls of those that end at the call.
  let shortFirst = 0;
  let longFirst = 0;
  for (let call = 0; call < beganAt.length; call++) {
    const at = beganAt[call]!;
    while (shortFirst < call && at - beganAt[shortFirst]! >= shortMs) shortFirst++;
    while (longFirst < call && at - beganAt[longFirst]! >= longMs) longFirst++;
    const second = Math.floor((at - beganAt[0]!) / secondMs);
    let last = seconds.at(-1);
    if (last?.second !== second) {
      last = { second, calls: 0, peakPerSecond: 0, peakPerMinute: 0 };
      seconds.push(last);
    }
    last.calls++;
    last.peakPerSecond = Math.max(last.peakPerSecond, call - shortFirst + 1);
    last.peakPerMinute = Math.max(last.peakPerMinute, call - longFirst + 1);
  }
  return seconds;
}

/** How many seconds have each peak, the lowest peak first. */
function counted(peaks: readonly number[]): PeakCount[] {
  const seconds = new Map<number, number>();
  for (const peak of peaks) seconds.set(peak, (seconds.get(peak) ?? 0) + 1);
  return [...seconds].sort(([one], [other]) => one - other).map(([peak, count]) => ({ peak, seconds: count }));
}

function exactly(peaks: readonly PeakCount[], calls: number): JudgedLimit {
  const [exceeded, peak] = [secondsAbove(peaks, calls), highest(peaks)];
  return { exceededSeconds: { atLeast: exceeded, atMost: exceeded }, peak: { atLeast: peak, atMost: peak } };
}

function boundedBySeconds(seconds: readonly CallSecond[], calls: number, windowMs: number): JudgedLimit {
  const judged: JudgedLimit = { exceededSeconds: { atLeast: 0, atMost: 0 }, peak: { atLeast: 0, atMost: 0 } };
  // A window that ends with a second's last call holds these whole seconds, and can reach into as many as those.
  const whole = Math.floor(windowMs / secondMs);
  const reached = Math.floor((windowMs + secondMs - 2) / secondMs) + 1;
  const between = slidingSums(seconds, whole);
  const around = slidingSums(seconds, reached);
  for (const [index, { peakPerSecond, peakPerMinute }] of seconds.entries()) {
    const peaks: [unitMs: number, peak: number][] = [
      [secondMs, peakPerSecond],
      [minuteMs, peakPerMinute],
    ];
    const atLeast = peaks.filter(([unitMs]) => unitMs - defaultToleranceMs <= windowMs).map(([, peak]) => peak);
    const atMost = peaks.filter(([unitMs]) => unitMs - defaultToleranceMs >= windowMs).map(([, peak]) => peak);
    const low = Math.max(1, between[index]!, ...atLeast);
    const high = Math.min(around[index]!, ...atMost);
    if (low > calls) judged.exceededSeconds.atLeast++;
    if (high > calls) judged.exceededSeconds.atMost++;
    judged.peak.atLeast = Math.max(judged.peak.atLeast, low);
    judged.peak.atMost = Math.max(judged.peak.atMost, high);
  }
  return judged;
}

/** For each second the calls of it and of the seconds before it, `length` in all. */
function slidingSums(seconds: readonly CallSecond[], length: number): number[] {
  let oldest = 0;
  let sum = 0;
  return seconds.map(({ second, calls }) => {
    sum += calls;
    while (oldest < seconds.length && seconds[oldest]!.second <= second - length) sum -= seconds[oldest++]!.calls;
    return sum;
  });
}

function boundedByPeaks({ peaks, count }: Calls, calls: number, windowMs: number): JudgedLimit {
  const isShorter = windowMs <= secondMs - defaultToleranceMs;
  const isLonger = windowMs >= minuteMs - defaultToleranceMs;
  const below = isShorter ? null : isLonger ? peaks.perMinute : peaks.perSecond;
  const above = isShorter ? peaks.perSecond : isLonger ? null : peaks.perMinute;
  const busySeconds = secondsAbove(peaks.perSecond, 0);
  return {
    exceededSeconds: {
      atLeast: below === null ? 0 : secondsAbove(below, calls),
      atMost: above !== null ? secondsAbove(above, calls) : count > calls ? busySeconds : 0,
    },
    peak: {
      atLeast: below === null ? Math.min(count, 1) : highest(below),
      atMost: above === null ? count : highest(above),
    },
  };
}

function secondsAbove(peaks: readonly PeakCount[], calls: number): number {
  return peaks.reduce((sum, { peak, seconds }) => sum + (peak > calls ? seconds : 0), 0);
}

function highest(peaks: readonly PeakCount[]): number {
  return peaks.at(-1)?.peak ?? 0;
}
