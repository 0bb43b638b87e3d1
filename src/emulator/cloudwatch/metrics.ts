/** CloudWatch metrics: observations summed up by minute, to be seen some time after the minute is over. */
import type { Account, MetricIdentity, MetricQuery, Metrics } from "../account.ts";

const minuteMs = 60_000;

/** One minute of a metric: how often each value was observed. */
type Minute = Map<number, number>;

export class CloudWatch implements Metrics {
  readonly #metrics = new Map<string, { identity: MetricIdentity; minutes: Map<number, Minute> }>();

  constructor(private readonly account: Account) {}

  record(identity: MetricIdentity, value: number, at = this.account.kernel.now): void {
    const key = keyOf(identity);
    let metric = this.#metrics.get(key);
    if (!metric) {
      metric = { identity, minutes: new Map() };
      this.#metrics.set(key, metric);
    }
    const start = at - (at % minuteMs);
    let minute = metric.minutes.get(start);
    if (!minute) {
      minute = new Map();
      metric.minutes.set(start, minute);
    }
    minute.set(value, (minute.get(value) ?? 0) + 1);
  }

  /**
   * The points of a metric, ascending. A minute is there once the publishing delay after its end has passed; a period
   * without observations has no point (it is not zero). The start is rounded down to a whole minute.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
   */
  query(query: MetricQuery): { timestamp: number; value: number }[] {
    const minutes = this.#metrics.get(keyOf(query))?.minutes ?? new Map<number, Minute>();
    const from = query.start - (query.start % minuteMs);
    const publishedUntil = this.account.kernel.now - this.account.constants["cloudwatch.publishingDelayMs"];
    const periods = new Map<number, Minute>();
    for (const [start, minute] of minutes) {
      const period = start - (start % query.periodMs);
      if (period < from || period >= query.end || start + minuteMs > publishedUntil) continue;
      const merged = periods.get(period) ?? new Map<number, number>();
      for (const [value, count] of minute) merged.set(value, (merged.get(value) ?? 0) + count);
      periods.set(period, merged);
    }
    return [...periods]
      .sort(([a], [b]) => a - b)
      .map(([timestamp, observations]) => ({ timestamp, value: statisticOf(observations, query.statistic) }));
  }

  list(): MetricIdentity[] {
    return [...this.#metrics.values()].map(({ identity }) => identity);
  }
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  let key = `${namespace} ${name}`;
  for (const dimension of Object.keys(dimensions).sort()) key += ` ${dimension}=${dimensions[dimension]}`;
  return key;
}

function statisticOf(observations: Minute, statistic: string): number {
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

function percentileOf(observations: Minute, count: number, percentile: number): number {
  let rank = Math.max(1, Math.ceil((percentile / 100) * count));
  const ascending = [...observations].sort(([a], [b]) => a - b);
  for (const [value, times] of ascending) {
    rank -= times;
    if (rank <= 0) return value;
  }
  throw new RangeError("a percentile of no observations");
}
