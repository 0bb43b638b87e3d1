/** A CloudWatch of a test's own in place of the emulator's: the SDK's request handler, with the points that the test says. */
import type { HttpRequest } from "@smithy/types";
import type { MetricPoint } from "../../../src/model.ts";
import { Clients } from "../../../src/targets/clients.ts";

/** The points of a metric of a function or queue at each question; `asked`: its number, from 1. */
export type Points = (metric: { owner: string; name: string; asked: number }) => MetricPoint[];

interface Question {
  MetricDataQueries: {
    Id: string;
    MetricStat: { Metric: { MetricName: string; Dimensions: { Value: string }[] } };
  }[];
  StartTime: number;
  EndTime: number;
}

/** SDK clients of which CloudWatch's is answered so; no other is answered. */
export function cloudWatchWith({ configuration: aws }: Clients, points: Points): Clients {
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
  return new Clients({ ...aws, requestHandler });
}
