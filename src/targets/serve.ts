/** Mounts the emulator's front on an HTTP port, so that any AWS client can talk to it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Front } from "../emulator/front.ts";
import { textOf, type WireRequest, type WireResponse } from "../emulator/wire/message.ts";
import { BenchError, messageOf } from "../errors.ts";
import { type EmulatedAccountOptions, openEmulatedAccount } from "./emulated-account.ts";
import { clockPath, formatModel, modelHeader } from "./model-header.ts";
import { Pace, type Speed } from "./pace.ts";

/** A client that keeps its connection, as the SDKs do, must not meet one that is closed in the moment of its next request. */
const idleConnectionMs = 75_000;

/** The answer of the clock's path. */
export interface ClockReading {
  /** Virtual milliseconds since the epoch. */
  now: number;
  speed: Speed;
}

export interface ServeOptions extends Omit<EmulatedAccountOptions, "start"> {
  host: string;
  /** 0: any free port. */
  port: number;
  speed: Speed;
}

export interface Served {
  /** `http://127.0.0.1:4566` */
  endpoint: string;
  /** Rejects when the emulator has failed, after which its answers could not be relied on. */
  failed: Promise<never>;
  close(): Promise<void>;
}

/** Holds a deployment package of 50 MB in base64, and some more. */
const largestBodyBytes = 80_000_000;

/** At the speed `max` this much time passes before each question, because a client that asks is waiting for something. */
const questionMs = 5_000;
/** Clients whose waiters ask about a stack twice a minute only. At the speed `max` they are answered when it is done, or after the time below. */
const slowPollers = /^(aws-cli|boto3)\//i;
const longestStackMs = 1_800_000;
const question = /^(Describe|Get|List)/;

/** Serves an empty account whose time begins now. Throws BenchError when the port is taken or the database cannot be reached. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { emulator, model, writeRows, decisions, close } = await openEmulatedAccount({ ...options, start: Date.now() });
  // Whoever asks may read them.
  emulator.logs.keepsInvocations = true;
  const pace = new Pace(emulator.kernel, options.speed, writeRows);
  const front = new Front(emulator, (promise, waitingFor) => pace.wait(promise, waitingFor));
  const answer = async (request: WireRequest): Promise<WireResponse> => {
    if (request.path === clockPath) {
      const sleepMs = Number(request.query.sleep ?? 0);
      if (request.method === "POST" && sleepMs > 0) await pace.sleep(sleepMs);
      return jsonReply({ now: emulator.kernel.now, speed: options.speed } satisfies ClockReading);
    }
    if (options.speed === "max" && isQuestion(request)) {
      await pace.sleep(questionMs);
      const stack = stackAskedFor(request);
      const until = emulator.kernel.now + longestStackMs;
      while (stack !== null && (await isBusy(stack)) && emulator.kernel.now < until) await pace.sleep(questionMs);
    }
    const response = await front.answer(request);
    await writeRows();
    return response;
  };
  /** A stack that does not exist, or waits for its change set, is not under way. */
  const isBusy = async (StackName: string) => {
    const { Stacks } = await front.ask("CloudFormation", "DescribeStacks", { StackName }).catch(() => ({ Stacks: [] }));
    return (Stacks as { StackStatus: string }[]).some(({ StackStatus }) => isUnderWay.test(StackStatus));
  };
  const assumptions = () => {
    const counts = decisions();
    return model.assumptions.map((each) => ({ ...each, decided: counts[each.name] ?? null }));
  };
  const server = createServer(async (incoming, reply) => {
    reply.setHeader(modelHeader, formatModel({ ...model, assumptions: assumptions() }));
    try {
      const body = await bodyOf(incoming);
      if (body === null) return send(reply, { statusCode: 413, headers: {}, body: new Uint8Array() });
      send(reply, await answer(wireRequestOf(incoming, body)));
    } catch (fault) {
      process.stderr.write(`${incoming.method} ${incoming.url}: ${messageOf(fault)}\n`);
      send(reply, { statusCode: 500, headers: {}, body: new Uint8Array() });
    }
  });
  server.keepAliveTimeout = idleConnectionMs;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(options.port, options.host, resolve);
    });
  } catch (cause) {
    await pace.stop();
    await close();
    throw new BenchError(
      "bad-usage",
      `Cannot listen on ${options.host}:${options.port} (${messageOf(cause)}); choose another --port.`,
      { cause },
    );
  }
  const { address, port, family } = server.address() as AddressInfo;
  const endpoint = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  // A client that takes its endpoint from its environment sends to a queue's URL, wherever that leads.
  emulator.sqs.endpoint = endpoint;
  return {
    endpoint,
    failed: pace.failed,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await pace.stop();
      await writeRows();
      await close();
    },
  };
}

/** Tells by its target header, its form's action or its method that the request asks and changes nothing. */
function isQuestion({ method, headers, body }: WireRequest): boolean {
  const target = headers["x-amz-target"]?.split(".")[1];
  if (target !== undefined) return question.test(target);
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return method === "GET";
  return question.test(new URLSearchParams(textOf(body)).get("Action") ?? "");
}

const isUnderWay = /^(?!REVIEW).*_IN_PROGRESS$/;

/** The name or id of the stack that a slow poller asks about; null: another request. */
function stackAskedFor({ headers, body }: WireRequest): string | null {
  if (!slowPollers.test(headers["user-agent"] ?? "")) return null;
  const form = new URLSearchParams(textOf(body));
  return form.get("Action") === "DescribeStacks" ? form.get("StackName") : null;
}

/** null: the body is too large. */
async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function wireRequestOf({ method = "GET", url = "/", headers }: IncomingMessage, body: Uint8Array): WireRequest {
  const [path = "/", search = ""] = url.split("?", 2);
  const query: WireRequest["query"] = {};
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
  };
}

function send(reply: ServerResponse, { statusCode, headers, body }: WireResponse): void {
  reply.writeHead(statusCode, { ...headers, "content-length": body.length }).end(body);
}

function jsonReply(value: object): WireResponse {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { statusCode: 200, headers: { "content-type": "application/json" }, body };
}
