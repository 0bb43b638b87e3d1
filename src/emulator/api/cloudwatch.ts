/** CloudWatch's API, as far as metrics are read. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/ */
import { z } from "zod";
import { ServiceError } from "../service-error.ts";
import { integer, list, pageToken, timestamp } from "./input.ts";
import { type Api, operation } from "./operation.ts";

const dimensions = list(z.strictObject({ Name: z.string(), Value: z.string() })).default([]);
const statistic = z
  .string()
  .regex(
    /^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?|p100)$/,
    "it is not a statistic that the emulator models",
  );
const period = integer.refine((seconds) => seconds > 0 && seconds % 60 === 0, "it must be a multiple of 60");

const operations: Api["operations"] = {
  GetMetricData: operation(
    z.strictObject({
      MetricDataQueries: list(
        z.strictObject({
          Id: z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, "it must begin with a lower-case letter"),
          Label: z.string().optional(),
          ReturnData: z
            .literal(true, { error: "the emulator models no expressions, so all data is returned" })
            .optional(),
          MetricStat: z.strictObject({
            Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
            Period: period,
            Stat: statistic,
          }),
        }),
      ),
      StartTime: timestamp,
      EndTime: timestamp,
      ScanBy: z.enum(["TimestampAscending", "TimestampDescending"]).default("TimestampDescending"),
      NextToken: pageToken.optional(),
    }),
    ({ account, cloudwatch }, { MetricDataQueries, StartTime, EndTime, ScanBy }) => {
      const most = account.constants["cloudwatch.maximumQueries"];
      if (MetricDataQueries.length > most) {
        throw invalid(`The collection MetricDataQueries must not have a size greater than ${most}.`);
      }
      if (StartTime >= EndTime) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
      return {
        MetricDataResults: MetricDataQueries.map(({ Id, Label, MetricStat: { Metric, Period, Stat } }) => {
          const points = cloudwatch.query({
            namespace: Metric.Namespace,
            name: Metric.MetricName,
            dimensions: recordOf(Metric.Dimensions),
            statistic: Stat,
            periodMs: Period * 1_000,
            start: StartTime,
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
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: dimensions,
      StartTime: timestamp,
      EndTime: timestamp,
      Period: period,
      Statistics: list(z.enum(["Sum", "Average", "Minimum", "Maximum", "SampleCount"])).default([]),
      ExtendedStatistics: list(statistic).default([]),
    }),
    (
      { cloudwatch },
      { Namespace, MetricName, Dimensions, Period, StartTime, EndTime, Statistics, ExtendedStatistics },
    ) => {
      const asked = [...Statistics, ...ExtendedStatistics];
      if (asked.length === 0)
        throw new ServiceError(
          "MissingParameter",
          "At least one of the parameters ExtendedStatistics, Statistics must be specified.",
        );
      const datapoints = new Map<number, Record<string, unknown>>();
      for (const Stat of asked) {
        const points = cloudwatch.query({
          namespace: Namespace,
          name: MetricName,
          dimensions: recordOf(Dimensions),
          statistic: Stat,
          periodMs: Period * 1_000,
          start: StartTime,
          end: EndTime,
        });
        for (const point of points) {
          const known = datapoints.get(point.timestamp) ?? { Timestamp: new Date(point.timestamp) };
          datapoints.set(
            point.timestamp,
            Stat.startsWith("p")
              ? {
                  ...known,
                  ExtendedStatistics: new Map([
                    ...((known.ExtendedStatistics as Map<string, number>) ?? []),
                    [Stat, point.value],
                  ]),
                }
              : { ...known, [Stat]: point.value },
          );
        }
      }
      return { Label: MetricName, Datapoints: [...datapoints.values()] };
    },
  ),

  ListMetrics: operation(
    z.strictObject({
      Namespace: z.string().optional(),
      MetricName: z.string().optional(),
      Dimensions: list(z.strictObject({ Name: z.string(), Value: z.string().optional() })).default([]),
      NextToken: pageToken.optional(),
    }),
    ({ cloudwatch }, { Namespace, MetricName, Dimensions }) => ({
      Metrics: cloudwatch
        .list()
        .filter(({ namespace }) => Namespace === undefined || namespace === Namespace)
        .filter(({ name }) => MetricName === undefined || name === MetricName)
        .filter((metric) =>
          Dimensions.every(({ Name, Value }) =>
            Value === undefined ? Name in metric.dimensions : metric.dimensions[Name] === Value,
          ),
        )
        .map((metric) => ({
          Namespace: metric.namespace,
          MetricName: metric.name,
          Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
        })),
    }),
  ),
};

function recordOf(entries: { Name: string; Value: string }[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ Name, Value }) => [Name, Value]));
}

function invalid(message: string): ServiceError {
  return new ServiceError("InvalidParameterValue", message);
}

export const cloudWatchApi: Api = {
  name: "CloudWatch",
  signingName: "monitoring",
  version: "2010-08-01",
  targetPrefix: "GraniteServiceVersion20100801",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  queryCodes: {},
  inputErrors: { missing: "MissingParameter", invalid: "InvalidParameterValue" },
  operations,
};
