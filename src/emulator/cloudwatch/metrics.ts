/** CloudWatch metrics: observations summed up by minute, to be seen some time after the minute is over. */
import type { Account, Metric, MetricIdentity, MetricQuery, Metrics } from "../account.ts";

const minuteMs = 60_000;

export class CloudWatch implements Metrics {
  readonly #metrics = new Map<string, EmulatedMetric>();
  /** The metrics that have been observed, in the order of their first observations. */
  readonly #observed: EmulatedMetric[] = [];

  constructor(private readonly account: Account) {}

  record(identity: MetricIdentity, value: number, at = this.account.kernel.now): void {
    this.metric(identity).observe(value, at);
  }

  metric(identity: MetricIdentity): EmulatedMetric {
    const key = keyOf(identity);
    let metric = this.#metrics.get(key);
    if (!metric) {
      const first = (observed: EmulatedMetric) => this.#observed.push(observed);
      metric = new EmulatedMetric(identity, this, this.account.kernel, first);
      this.#metrics.set(key, metric);
    }
    return metric;
  }

  /**
   * The points of a metric, ascending. A minute is there once the publishing delay after its end has passed; a period
   * without observations has no point (it is not zero). The start is rounded down to a whole minute.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
   */
  query(query: MetricQuery): { timestamp: number; value: number }[] {
    const minutes = this.#metrics.get(keyOf(query))?.minutes ?? [];
    const { statistic, periodMs, end } = query;
    const from = query.start - (query.start % minuteMs);
    const publishedUntil = this.account.kernel.now - this.account.constants["cloudwatch.publishingDelayMs"];
    const periods: { start: number; observed: Minute }[] = [];
    // A run reads a metric again and again, and wants its last minutes, so that the first ones are not looked at.
    for (let index = minutes.length - 1; index >= 0; index--) {
      const minute = minutes[index]!;
      const start = minute.start - (minute.start % periodMs);
      if (start < from) break;
      if (start >= end || minute.start + minuteMs > publishedUntil) continue;
      const latest = periods.at(-1);
      if (latest?.start === start) latest.observed = minute.and(latest.observed);
      else periods.push({ start, observed: minute });
    }
    return periods.reverse().map(({ start, observed }) => ({ timestamp: start, value: observed.statistic(statistic) }));
  }

  list(): MetricIdentity[] {
    return this.#observed.map(({ identity }) => identity);
  }
}

/** How often each value was observed. */
type Observations = Map<number, number>;

class EmulatedMetric implements Metric {
  /** In the order of time. */
  readonly minutes: Minute[] = [];
  #latest: Minute | null = null;

  constructor(
    readonly identity: MetricIdentity,
    private readonly cloudwatch: CloudWatch,
    private readonly clock: { readonly now: number },
    private readonly observedFirst: (metric: EmulatedMetric) => void,
  ) {}

  /** By way of `record` where that was replaced: whoever watches it sees every observation. */
  add(value: number, at = this.clock.now): void {
    if (this.cloudwatch.record === CloudWatch.prototype.record) this.observe(value, at);
    else this.cloudwatch.record(this.identity, value, at);
  }

  observe(value: number, at: number): void {
    let minute = this.#latest;
    if (minute === null || at < minute.start || at >= minute.start + minuteMs) {
      minute = this.#minuteOf(at);
      this.#latest = minute;
    }
    minute.observe(value);
  }

  #minuteOf(at: number): Minute {
    const start = at - (at % minuteMs);
    // Nearly every observation is of the last minutes: only a few are told some minutes later, with the time of a beginning.
    const before = this.minutes.findLastIndex((minute) => minute.start <= start);
    const found = this.minutes[before];
    if (found?.start === start) return found;
    if (this.minutes.length === 0) this.observedFirst(this);
    const minute = new Minute(start);
    this.minutes.splice(before + 1, 0, minute);
    return minute;
  }
}

/** The observations of one minute of a metric, or of several. Nearly all are of 0 or 1, or of the same value as the one before. */
class Minute {
  #zeros = 0;
  #ones = 0;
  #latest = 0;
  /** How often the latest other value came in a row; it is not among the others yet. */
  #latestTimes = 0;
  #others: Observations | null = null;

  constructor(readonly start: number) {}

  observe(value: number, times = 1): void {
    if (value === 1) this.#ones += times;
    else if (value === 0) this.#zeros += times;
    else if (value === this.#latest) this.#latestTimes += times;
    else {
      this.#keepLatest();
      this.#latest = value;
      this.#latestTimes = times;
    }
  }

  #keepLatest(): void {
    if (this.#latestTimes === 0) return;
    this.#others ??= new Map();
    this.#others.set(this.#latest, (this.#others.get(this.#latest) ?? 0) + this.#latestTimes);
    this.#latestTimes = 0;
  }

  /** The observations of both. */
  and(other: Minute): Minute {
    const both = new Minute(this.start);
    for (const [value, times] of [...this.#all(), ...other.#all()]) both.observe(value, times);
    return both;
  }

  statistic(name: string): number {
    this.#keepLatest();
    switch (name) {
      case "Sum":
        return this.#sum();
      case "SampleCount":
        return this.#count();
      case "Average":
        return this.#sum() / this.#count();
      case "Minimum":
        return this.#extreme(Math.min, Number.POSITIVE_INFINITY);
      case "Maximum":
        return this.#extreme(Math.max, Number.NEGATIVE_INFINITY);
      default:
        return percentileOf(this.#all(), this.#count(), Number(name.slice(1)));
    }
  }

  #sum(): number {
    let sum = this.#ones;
    this.#others?.forEach((times, value) => {
      sum += value * times;
    });
    return sum;
  }

  #count(): number {
    let count = this.#zeros + this.#ones;
    this.#others?.forEach((times) => {
      count += times;
    });
    return count;
  }

  /** `beyond`: what every value is chosen over. */
  #extreme(choose: (one: number, other: number) => number, beyond: number): number {
    let extreme = beyond;
    if (this.#zeros > 0) extreme = choose(extreme, 0);
    if (this.#ones > 0) extreme = choose(extreme, 1);
    this.#others?.forEach((_, value) => {
      extreme = choose(extreme, value);
    });
    return extreme;
  }

  #all(): [value: number, times: number][] {
    this.#keepLatest();
    const all: [number, number][] = [[0, this.#zeros], [1, this.#ones], ...(this.#others ?? [])];
    return all.filter(([, times]) => times > 0);
  }
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  let key = `${namespace} ${name}`;
  for (const dimension of Object.keys(dimensions).sort()) key += ` ${dimension}=${dimensions[dimension]}`;
  return key;
}

function percentileOf(observations: [value: number, times: number][], count: number, percentile: number): number {
  let rank = Math.max(1, Math.ceil((percentile / 100) * count));
  const ascending = [...observations].sort(([a], [b]) => a - b);
  for (const [value, times] of ascending) {
    rank -= times;
    if (rank <= 0) return value;
  }
  throw new RangeError("a percentile of no observations");
}
