/** CloudWatch Logs' API, as far as logs are read. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
import * as z from "zod";
import type { Account } from "../account.ts";
import { list } from "../api/input.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { linesWith } from "./filter-pattern.ts";
import { type LogEvent, type LogGroup, LogGroups } from "./groups.ts";

const time = z.int().nonnegative();
const limit = z.int().min(1).optional();
const page = { limit, nextToken: z.string().optional() };
const name = z.string().min(1).max(512);

/** A group is named, or identified by its name or ARN. */
const named = { logGroupName: name.optional(), logGroupIdentifier: z.string().min(1).max(2_048).optional() };

const operations: Api["operations"] = {
  DescribeLogGroups: operation(
    z.strictObject({ logGroupNamePrefix: name.optional(), logGroupNamePattern: name.optional(), ...page }),
    (account, { logGroupNamePrefix = "", logGroupNamePattern = "", ...asked }) => {
      const groups = account
        .service(LogGroups)
        .list()
        .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, nextToken } = pageOf(groups, asked);
      return { logGroups: items.map(describeGroup), nextToken };
    },
  ),

  DescribeLogStreams: operation(
    z.strictObject({
      ...named,
      logStreamNamePrefix: name.optional(),
      orderBy: z.enum(["LogStreamName", "LastEventTime"]).default("LogStreamName"),
      descending: z.boolean().default(false),
      ...page,
    }),
    (account, { logStreamNamePrefix = "", orderBy, descending, logGroupName, logGroupIdentifier, ...asked }) => {
      const group = groupOf(account, { logGroupName, logGroupIdentifier });
      const streams = streamsOf(group).filter(({ name }) => name.startsWith(logStreamNamePrefix));
      const byName = (one: Stream, other: Stream) => (one.name < other.name ? -1 : 1);
      streams.sort(orderBy === "LogStreamName" ? byName : (one, other) => one.last - other.last || byName(one, other));
      if (descending) streams.reverse();
      const { items, nextToken } = pageOf(streams, asked);
      return { logStreams: items.map((stream) => describeStream(group, stream)), nextToken };
    },
  ),

  FilterLogEvents: operation(
    z.strictObject({
      ...named,
      logStreamNames: list(name, 100).optional(),
      logStreamNamePrefix: name.optional(),
      startTime: time.default(0),
      endTime: time.optional(),
      filterPattern: z.string().max(1_024).default(""),
      /** It has no influence since 2019: the answer is always of all streams. */
      interleaved: z.boolean().optional(),
      ...page,
    }),
    (account, { startTime, endTime = Infinity, filterPattern, limit, nextToken, ...input }) => {
      const most = Math.min(limit ?? Infinity, account.constants["logs.filterLimit"]);
      const matches = linesWith(filterPattern);
      const { logStreamNames, logStreamNamePrefix = "" } = input;
      const isAsked = ({ stream }: LogEvent) =>
        (logStreamNames === undefined || logStreamNames.includes(stream)) && stream.startsWith(logStreamNamePrefix);
      const { events, dropped } = groupOf(account, input);
      const found: Output[] = [];
      let next = Math.max(0, Number(nextToken ?? 0) - dropped);
      for (; next < events.length && found.length < most; next++) {
        const event = events[next]!;
        const { timestamp, message, stream } = event;
        if (timestamp < startTime || timestamp >= endTime || !isAsked(event) || !matches(message)) continue;
        const eventId = String(dropped + next).padStart(56, "0");
        found.push({ eventId, timestamp, message, logStreamName: stream, ingestionTime: timestamp });
      }
      return {
        events: found,
        searchedLogStreams: [],
        ...(next < events.length && { nextToken: String(dropped + next) }),
      };
    },
  ),

  GetLogEvents: operation(
    z.strictObject({
      ...named,
      logStreamName: name,
      startTime: time.default(0),
      endTime: time.optional(),
      startFromHead: z.boolean().default(false),
      ...page,
    }),
    (account, { logStreamName, startTime, endTime = Infinity, startFromHead, limit, nextToken, ...input }) => {
      const { events } = groupOf(account, input);
      const ofStream = events.filter(({ stream }) => stream === logStreamName);
      if (ofStream.length === 0) {
        throw new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.");
      }
      const inTime = ofStream.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
      const most = Math.min(limit ?? Infinity, account.constants["logs.filterLimit"]);
      const [from, to] = rangeOf(inTime.length, most, nextToken, startFromHead);
      return {
        events: inTime
          .slice(from, to)
          .map(({ timestamp, message }) => ({ timestamp, message, ingestionTime: timestamp })),
        nextForwardToken: `f/${to}`,
        nextBackwardToken: `b/${from}`,
      };
    },
  ),
};

/** @throws ServiceError `ResourceNotFoundException`, or when it is not said which one. */
function groupOf(
  account: Account,
  { logGroupName, logGroupIdentifier }: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): LogGroup {
  const name = logGroupName ?? logGroupIdentifier?.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");
  if (name !== undefined) return account.service(LogGroups).group(name);
  throw invalid("Either logGroupName or logGroupIdentifier must be given.");
}

function pageOf<Item>(items: readonly Item[], asked: { limit?: number | undefined; nextToken?: string | undefined }) {
  const { limit = 50, nextToken = "0" } = asked;
  if (!/^\d{1,9}$/.test(nextToken)) throw invalid("The specified nextToken is invalid.");
  const from = Number(nextToken);
  const to = from + limit;
  return { items: items.slice(from, to), nextToken: to < items.length ? String(to) : null };
}

/** The indices of a page: after or before the one that the token ended, or at the beginning or the end. */
function rangeOf(
  count: number,
  most: number,
  token: string | undefined,
  fromHead: boolean,
): [from: number, to: number] {
  if (token === undefined) return fromHead ? [0, Math.min(count, most)] : [Math.max(0, count - most), count];
  const [, direction, text] = /^([fb])\/(\d{1,9})$/.exec(token) ?? [];
  if (direction === undefined) throw invalid("The specified nextToken is invalid.");
  const at = Math.min(count, Number(text));
  return direction === "f" ? [at, Math.min(count, at + most)] : [Math.max(0, at - most), at];
}

interface Stream {
  name: string;
  first: number;
  last: number;
}

function streamsOf({ events }: LogGroup): Stream[] {
  const streams = new Map<string, Stream>();
  for (const { stream: name, timestamp } of events) {
    const stream = streams.get(name);
    if (stream === undefined) streams.set(name, { name, first: timestamp, last: timestamp });
    else stream.last = timestamp;
  }
  return [...streams.values()];
}

function describeGroup({ name, arn, createdAt, events }: LogGroup): Output {
  return {
    logGroupName: name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    creationTime: createdAt,
    metricFilterCount: 0,
    storedBytes: events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
    logGroupClass: "STANDARD",
  };
}

function describeStream({ arn }: LogGroup, { name, first, last }: Stream): Output {
  return {
    logStreamName: name,
    arn: `${arn}:log-stream:${name}`,
    creationTime: first,
    firstEventTimestamp: first,
    lastEventTimestamp: last,
    lastIngestionTime: last,
    storedBytes: 0,
  };
}

function invalid(message: string): ServiceError {
  return new ServiceError("InvalidParameterException", message);
}

export const logsApi: Api = {
  name: "CloudWatchLogs",
  signingName: "logs",
  version: "2014-03-28",
  targetPrefix: "Logs_20140328",
  inputErrors: { missing: "InvalidParameterException", invalid: "InvalidParameterException" },
  operations,
};
