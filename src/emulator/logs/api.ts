/** CloudWatch Logs' API, as far as log events are searched. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
import { z } from "zod";
import { type Api, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { LogGroups } from "./groups.ts";

const time = z.int().nonnegative();

const operations: Api["operations"] = {
  FilterLogEvents: operation(
    z.strictObject({
      logGroupName: z.string().min(1),
      startTime: time.default(0),
      endTime: time.optional(),
      filterPattern: z.string().default(""),
      limit: z.int().min(1).optional(),
      nextToken: z.string().optional(),
    }),
    (account, { logGroupName, startTime, endTime = Infinity, filterPattern, limit, nextToken }) => {
      const most = account.constants["logs.filterLimit"];
      const matches = patternOf(filterPattern);
      const events = account.service(LogGroups).events(logGroupName);
      const found: { eventId: string; timestamp: number; message: string }[] = [];
      let next = Number(nextToken ?? 0);
      for (; next < events.length && found.length < Math.min(limit ?? most, most); next++) {
        const { timestamp, message } = events[next]!;
        if (timestamp < startTime || timestamp >= endTime || !matches(message)) continue;
        found.push({ eventId: String(next).padStart(56, "0"), timestamp, message });
      }
      const logStreamName = "[$LATEST]emulated";
      return {
        events: found.map((event) => ({ ...event, logStreamName, ingestionTime: event.timestamp })),
        searchedLogStreams: [],
        ...(next < events.length && { nextToken: String(next) }),
      };
    },
  ),
};

/**
 * Any of several terms, each with a question mark and in quotes, or everything:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
function patternOf(pattern: string): (message: string) => boolean {
  if (pattern === "") return () => true;
  if (!/^(\?"[^"\\]+"( |$))+$/.test(pattern)) {
    throw new ServiceError(
      "InvalidParameterException",
      `The emulator does not model the filter pattern ${pattern}: it takes terms such as ?"Task timed out" only.`,
    );
  }
  const terms = [...pattern.matchAll(/\?"([^"]+)"/g)].map(([, term]) => term!);
  return (message) => terms.some((term) => message.includes(term));
}

export const logsApi: Api = {
  name: "CloudWatchLogs",
  signingName: "logs",
  version: "2014-03-28",
  targetPrefix: "Logs_20140328",
  inputErrors: { missing: "InvalidParameterException", invalid: "InvalidParameterException" },
  operations,
};
