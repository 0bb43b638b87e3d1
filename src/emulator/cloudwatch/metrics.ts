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
    const minutes = this.#metrics.get(keyOf(query))?.minutes ?? new Map<number, never>();
    const from = query.start - (query.start % minuteMs);
    const publishedUntil = this.account.kernel.now - this.account.constants["cloudwatch.publishingDelayMs"];
    const periods = new Map<number, Observations>();
    for (const [start, minute] of minutes) {
      const period = start - (start % query.periodMs);
      if (period < from || period >= query.end || start + minuteMs > publishedUntil) continue;
      const merged = periods.get(period) ?? new Map<number, number>();
      minute.addTo(merged);
      periods.set(period, merged);
    }
    return [...periods]
      .sort(([a], [b]) => a - b)
      .map(([timestamp, observations]) => ({ timestamp, value: statisticOf(observations, query.statistic) }));
  }

  list(): MetricIdentity[] {
    return this.#observed.map(({ identity }) => identity);
  }
}

/** How often each value was observed. */
type Observations = Map<number, number>;

class EmulatedMetric implements Metric {
  /** By their beginnings. */
  readonly minutes = new Map<number, Minute>();
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
    let minute = this.minutes.get(start);
    if (!minute) {
      if (this.minutes.size === 0) this.observedFirst(this);
      minute = new Minute(start);
      this.minutes.set(start, minute);
    }
    return minute;
  }
}

/** One minute of a metric. Nearly all observations are of 0 or 1, or of the same value as the one before. */
class Minute {
  #zeros = 0;
  #ones = 0;
  #latest = 0;
  /** How often the latest other value came in a row; it is not among the others yet. */
  #latestTimes = 0;
  #others: Observations | null = null;

  constructor(readonly start: number) {}

  observe(value: number): void {
    if (value === 1) this.#ones++;
    else if (value === 0) this.#zeros++;
    else if (value === this.#latest) this.#latestTimes++;
    else {
      this.#keepLatest();
      this.#latest = value;
      this.#latestTimes = 1;
    }
  }

  #keepLatest(): void {
    if (this.#latestTimes === 0) return;
    this.#others ??= new Map();
    addTo(this.#others, this.#latestTimes, this.#latest);
  }

  addTo(observations: Observations): void {
    addTo(observations, this.#zeros, 0);
    addTo(observations, this.#ones, 1);
    for (const [value, times] of this.#others ?? []) addTo(observations, times, value);
    addTo(observations, this.#latestTimes, this.#latest);
  }
}

function addTo(observations: Observations, times: number, value: number): void {
  if (times > 0) observations.set(value, (observations.get(value) ?? 0) + times);
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  let key = `${namespace} ${name}`;
  for (const dimension of Object.keys(dimensions).sort()) key += ` ${dimension}=${dimensions[dimension]}`;
  return key;
}

function statisticOf(observations: Observations, statistic: string): number {
  let count = 0;
  let sum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const [value, times] of observations) {
    count += times;
    sum += value * times;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  switch (statistic) {
    case "Sum":
      return sum;
    case "SampleCount":
      return count;
    case "Average":
      return sum / count;
    case "Minimum":
      return minimum;
    case "Maximum":
      return maximum;
    default:
      return percentileOf(observations, count, Number(statistic.slice(1)));
  }
}

function percentileOf(observations: Observations, count: number, percentile: number): number {
  let rank = Math.max(1, Math.ceil((percentile / 100) * count));
  const ascending = [...observations].sort(([a], [b]) => a - b);
  for (const [value, times] of ascending) {
    rank -= times;
    if (rank <= 0) return value;
  }
  throw new RangeError("a percentile of no observations");
}
