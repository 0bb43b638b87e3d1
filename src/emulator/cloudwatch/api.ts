/** CloudWatch's API, as far as metrics are read. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/ */
import * as z from "zod";
import { flag, integer, list, noPageToken, pageOf, pageToken, timestamp } from "../api/input.ts";
import { type Api, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";

const minuteMs = 60_000;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
const simpleStatistic = z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]);
const percentile = z.string().regex(/^p(\d{1,2}(\.\d{1,10})?|100)$/, "must be a percentile from p0 to p100");
const statistic = z.union([simpleStatistic, percentile], {
  error: `must be one of ${simpleStatistic.options.join(", ")}, or a percentile such as p99`,
});

const period = integer.refine((seconds) => seconds > 0 && seconds % 60 === 0, "must be a multiple of 60");
const name = z.string().min(1).max(255);
const value = z.string().min(1).max(1_024);
const metric = {
  Namespace: name,
  MetricName: name,
  Dimensions: list(z.strictObject({ Name: name, Value: value }), 30).optional(),
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
const mostMetrics = 500;

const operations: Api["operations"] = {
  GetMetricData: operation(
    z.strictObject({
      MetricDataQueries: list(
        z.strictObject({
          Id: z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, "must begin with a lower-case letter"),
          Label: z.string().optional(),
          ReturnData: flag.optional(),
          MetricStat: z.strictObject({ Metric: z.strictObject(metric), Period: period, Stat: statistic }),
        }),
      ),
      StartTime: timestamp,
      EndTime: timestamp,
      ScanBy: z.enum(["TimestampAscending", "TimestampDescending"]).default("TimestampDescending"),
      NextToken: noPageToken.optional(),
    }),
    ({ constants, cloudwatch }, { MetricDataQueries, StartTime, EndTime, ScanBy }) => {
      const most = constants["cloudwatch.maximumQueries"];
      if (MetricDataQueries.length > most) {
        throw invalid(`The collection MetricDataQueries must not have a size greater than ${most}.`);
      }
      if (new Set(MetricDataQueries.map(({ Id }) => Id)).size < MetricDataQueries.length) {
        throw invalid("The values for the parameter Id in MetricDataQueries are not unique.");
      }
      if (StartTime >= EndTime) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
      const returned = MetricDataQueries.filter(({ ReturnData = true }) => ReturnData);
      return {
        MetricDataResults: returned.map(({ Id, Label, MetricStat: { Metric, Period, Stat } }) => {
          const points = cloudwatch.query({
            ...identityOf(Metric),
            statistic: Stat,
            periodMs: Period * 1_000,
            start: wholeMinute(StartTime),
            end: EndTime,
          });
          if (ScanBy === "TimestampDescending") points.reverse();
          return {
            Id,
            Label: Label ?? Metric.MetricName,
            Timestamps: points.map((point) => new Date(point.timestamp)),
            Values: points.map(({ value }) => value),
            StatusCode: "Complete",
          };
        }),
        Messages: [],
      };
    },
  ),

  GetMetricStatistics: operation(
    z.strictObject({
      ...metric,
      StartTime: timestamp,
      EndTime: timestamp,
      Period: period,
      Statistics: list(simpleStatistic, 5).default([]),
      ExtendedStatistics: list(percentile, 10).default([]),
    }),
    ({ constants, cloudwatch }, { Period, StartTime, EndTime, Statistics, ExtendedStatistics, ...wanted }) => {
      if (Statistics.length + ExtendedStatistics.length === 0) {
        throw combination("At least one of the parameters Statistics and ExtendedStatistics must be specified.");
      }
      if (StartTime >= EndTime) throw combination("The parameter StartTime must be less than the parameter EndTime.");
      const range = { periodMs: Period * 1_000, start: wholeMinute(StartTime), end: EndTime };
      const most = constants["cloudwatch.maximumDatapoints"];
      if ((range.end - range.start) / range.periodMs > most) {
        throw combination(
          `You have requested more than ${most} datapoints. Choose a longer Period or a shorter range of time.`,
        );
      }
      const datapoints = new Map<number, { statistics: Record<string, number>; percentiles: Map<string, number> }>();
      for (const name of [...Statistics, ...ExtendedStatistics]) {
        for (const point of cloudwatch.query({ ...identityOf(wanted), ...range, statistic: name })) {
          if (!datapoints.has(point.timestamp))
            datapoints.set(point.timestamp, { statistics: {}, percentiles: new Map() });
          const { statistics, percentiles } = datapoints.get(point.timestamp)!;
          if (name.startsWith("p")) percentiles.set(name, point.value);
          else statistics[name] = point.value;
        }
      }
      return {
        Label: wanted.MetricName,
        Datapoints: [...datapoints].map(([at, { statistics, percentiles }]) => ({
          Timestamp: new Date(at),
          ...statistics,
          ExtendedStatistics: percentiles.size > 0 ? percentiles : undefined,
        })),
      };
    },
  ),

  ListMetrics: operation(
    z.strictObject({
      Namespace: name.optional(),
      MetricName: name.optional(),
      Dimensions: list(z.strictObject({ Name: name, Value: value.optional() }), 10).default([]),
      NextToken: pageToken.optional(),
    }),
    ({ cloudwatch }, { Namespace, MetricName, Dimensions, NextToken }) => {
      const metrics = cloudwatch
        .list()
        .filter(({ namespace }) => Namespace === undefined || namespace === Namespace)
        .filter(({ name }) => MetricName === undefined || name === MetricName)
        .filter(({ dimensions }) =>
          Dimensions.every(({ Name, Value }) =>
            Value === undefined ? Object.hasOwn(dimensions, Name) : dimensions[Name] === Value,
          ),
        );
      const { items, next } = pageOf(metrics, NextToken, mostMetrics);
      return {
        Metrics: items.map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        })),
        NextToken: next,
      };
    },
  ),
};

function identityOf({ Namespace, MetricName, Dimensions = [] }: z.output<z.ZodObject<typeof metric>>) {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: Namespace, name: MetricName, dimensions };
}

/** CloudWatch rounds a start of less than fifteen days ago down to the minute. */
function wholeMinute(time: number): number {
  return time - (time % minuteMs);
}

function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

function combination(message: string): ServiceError {
  return new ServiceError("InvalidParameterCombinationException", message);
}

export const cloudWatchApi: Api = {
  name: "CloudWatch",
  signingName: "monitoring",
  version: "2010-08-01",
  targetPrefix: "GraniteServiceVersion20100801",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  queryCodes: {
    ValidationException: "ValidationError",
    InvalidParameterValueException: "InvalidParameterValue",
    InvalidParameterCombinationException: "InvalidParameterCombination",
    MissingRequiredParameterException: "MissingParameter",
  },
  inputErrors: { missing: "MissingRequiredParameterException", invalid: "InvalidParameterValueException" },
  operations,
};
