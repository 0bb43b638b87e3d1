/** A CloudWatch of a test's own in place of the emulator's: the SDK's request handler, with the points that the test says. */
import type { HttpRequest } from "@smithy/types";
import type { MetricPoint } from "../../../src/model.ts";
import type { Target } from "../../../src/targets/target.ts";

/** The points of a metric of a function or queue at each question; `asked`: how manieth it is, from 1. */
export type Points = (metric: { owner: string; name: string; asked: number }) => MetricPoint[];

interface Question {
  MetricDataQueries: {
    Id: string;
    MetricStat: { Metric: { MetricName: string; Dimensions: { Value: string }[] } };
  }[];
  StartTime: number;
  EndTime: number;
}

/** The configuration of SDK clients of which CloudWatch's is answered so; it knows no other. */
export function cloudWatchWith(aws: Target["aws"], points: Points): Target["aws"] {
  let asked = 0;
  const requestHandler = {
    ...aws.requestHandler,
    async handle({ body }: HttpRequest) {
      const { MetricDataQueries, StartTime, EndTime } = JSON.parse(new TextDecoder().decode(body)) as Question;
      asked++;
      const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
        const all = points({ owner: Metric.Dimensions[0]!.Value, name: Metric.MetricName, asked });
        const within = all.filter(({ timestamp }) => timestamp >= StartTime * 1000 && timestamp < EndTime * 1000);
        return {
          Id,
          Timestamps: within.map(({ timestamp }) => timestamp / 1000),
          Values: within.map(({ value }) => value),
        };
      });
      const answer = new TextEncoder().encode(JSON.stringify({ MetricDataResults }));
      return { response: { statusCode: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: answer } };
    },
  };
  return { ...aws, requestHandler };
}
