/** The words for each call of a service about one event, by `service.method`. A call that is not here is told by its own name. */
import type { Happening } from "../targets/local.ts";

/** A step as one happening tells it. */
export interface Said {
  what: string;
  where?: string | null;
  receive?: number;
  instance?: number;
  cold?: boolean;
  others?: number;
  detail?: string | null;
  /** the message is hidden in its queue until then, ms since the epoch, unless something shows or deletes it before */
  hidden?: { message: string; until: number };
  /** the message is deleted by the receipt of this receive */
  deletes?: { message: string; receive: number };
}

export interface Subject {
  event: number;
  /** what was passed into the call, whatever part of it this happening is */
  given: readonly unknown[];
  /** true when a value tells of the event */
  isOf(value: unknown): boolean;
}

/** null: the happening says nothing that another one does not say, too. */
type Reading = (happening: Happening, subject: Subject) => Said | Said[] | null;

/** A step when the call begins, and the refusal where it is refused. */
function beginning(what: string): Reading {
  return ({ phase, values: [thrown] }) => {
    if (phase === "call") return { what };
    return phase === "throw" ? { what: "refused", detail: messageOf(thrown) } : null;
  };
}

/** A call of a batch answers which of its entries it did not take. */
const published: Reading = (happening, { event }) => {
  const { phase, values } = happening;
  if (phase !== "return") return beginning("published")(happening, { event, given: [], isOf: () => false });
  const { Failed = [] } = values[0] as { Failed?: { Id: string; Code: string }[] };
  const failure = Failed.find(({ Id }) => Id === String(event));
  return failure === undefined ? null : { what: "refused", detail: failure.Code };
};

interface ReceivedMessage {
  messageId: string;
  receiveCount: number;
}

/** The poll that waits for messages is told of when it gets the event. */
const received: Reading = ({ phase, values, target, at }, { given, isOf }) => {
  if (phase !== "callback") return null;
  const [request] = given as [{ visibilityTimeoutMs?: number }];
  const { settings } = target as { settings: { visibilityTimeoutMs: number } };
  const hiddenMs = request.visibilityTimeoutMs ?? settings.visibilityTimeoutMs;
  const messages = (values[0] as ReceivedMessage[]).filter(isOf);
  return messages.map(({ messageId, receiveCount }) => ({
    what: "received",
    receive: receiveCount,
    hidden: { message: messageId, until: at + hiddenMs },
  }));
};

type Outcome =
  | { kind: "throttled"; reason: string }
  | { kind: "success"; payload: unknown }
  | { kind: "error"; failure: { errorType: string; errorMessage: string } };

const invoked: Reading = ({ phase, values }, { given }) => {
  if (phase === "call") return { what: "invoked", others: othersIn(given[0]) };
  if (phase !== "callback") return null;
  const [outcome] = values as [Outcome];
  switch (outcome.kind) {
    case "throttled":
      return { what: "throttled", detail: outcome.reason };
    case "success":
      return { what: "answered" };
    case "error":
      return { what: "failed", detail: withoutIds(outcome.failure.errorMessage || outcome.failure.errorType) };
  }
};

/** The ids of records and requests say nothing to a reader. */
function withoutIds(message: string): string {
  return message.replace(/\b(RequestId: )?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{50,})(?=\W|$)/g, "its record");
}

/** The records of a function's event beside the one; undefined: it is no batch. */
function othersIn(payload: unknown): number | undefined {
  const { Records } = (payload ?? {}) as { Records?: unknown };
  return Array.isArray(Records) ? Records.length - 1 : undefined;
}

const started: Reading = ({ phase, target }) => {
  if (phase !== "call") return null;
  const { instance, invocations } = target as { instance: number; invocations: number };
  return { what: "started", instance, cold: invocations === 1 };
};

/** The life knows whether the message was received again meanwhile. A FIFO queue refuses a receipt whose time is over. */
const deleted: Reading = ({ phase, values: [value] }) => {
  if (phase === "throw") return { what: "not deleted", detail: messageOf(value) };
  if (phase !== "call") return null;
  const { messageId, receiveCount } = typeof value === "string" ? receiptOf(value) : (value as ReceivedMessage);
  return { what: "deleted", deletes: { message: messageId, receive: receiveCount } };
};

/** A handle is `id#count`. */
function receiptOf(handle: string): ReceivedMessage {
  const [messageId, receiveCount] = handle.split("#");
  return { messageId: messageId!, receiveCount: Number(receiveCount) };
}

const givenBack: Reading = ({ phase, values, at }) => {
  if (phase !== "call") return null;
  const [receiptHandle, hiddenMs] = values as [string, number];
  return { what: "given back", hidden: { message: receiptOf(receiptHandle).messageId, until: at + hiddenMs } };
};

const called: Reading = ({ values: [call] }) => {
  const { outcome } = call as { outcome: "accepted" | "failed" | "refused" };
  const what = { accepted: "called", failed: "called", refused: "call refused" }[outcome];
  return { what, detail: outcome === "failed" ? "the downstream will fail it" : null };
};

const inserted: Reading = ({ values: [row] }) => {
  const { groupId } = row as { groupId: string };
  return { what: groupId.endsWith("/dead-letter") ? "recorded" : "completed" };
};

/** The runtime logs an error that was thrown, and the answer tells it, too. */
const logged: Reading = ({ phase, values: [, line] }) => {
  const message = String(line).split("\t").at(-1)!.trim();
  if (phase !== "call" || message.startsWith("{")) return null;
  return { what: "logged", detail: message.replace(/^Record \S+ failed: /, "") };
};

/** The response comes back with a status. */
const requested: Reading = ({ phase, values: [response] }) => {
  if (phase === "call") return { what: "requested" };
  if (phase !== "callback") return null;
  const { statusCode } = response as { statusCode: number };
  return { what: "responded", detail: `HTTP ${statusCode}` };
};

const nothing: Reading = () => null;

const readings: Readonly<Record<string, Reading>> = {
  "sns.publish": published,
  "sns.publishBatch": published,
  // A delivery is told by whoever gets it.
  "sns.attempt": nothing,
  "sqs.send": beginning("queued"),
  "sqs.acceptDeadLetter": beginning("dead-lettered"),
  "sqs.receive": received,
  "sqs.delete": deleted,
  "sqs.changeVisibility": givenBack,
  "kinesis.put": beginning("put"),
  "kinesis.putAll": beginning("put"),
  "kinesis.iterator": nothing,
  "kinesis.read": ({ phase }) => (phase === "return" ? { what: "read" } : null),
  "eventBuses.putEvents": beginning("put on the bus"),
  "eventBuses.take": beginning("matched"),
  "eventBuses.send": beginning("lined up"),
  "endpoints.request": requested,
  "lambda.invokeAsync": beginning("accepted"),
  "lambda.invoke": invoked,
  "handler.run": started,
  // The call and the row arrive later, and tell of themselves then.
  "database.call": nothing,
  "database.insert": nothing,
  "database.take": ({ phase }) => (phase === "call" ? { what: "asked the limiter" } : null),
  "table.insertCall": called,
  "table.insertRow": inserted,
  "logs.write": logged,
};

/** The words of a happening about its event. */
export function said(happening: Happening, subject: Subject): Said[] {
  const { service, method, phase } = happening;
  const reading = readings[`${service}.${method}`];
  if (reading !== undefined) return [reading(happening, subject) ?? []].flat();
  return phase === "call" ? [{ what: `${service}.${method}` }] : [];
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
