/** Mounts the emulator's front on an HTTP port, so that any AWS client can talk to it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Front } from "../emulator/front.ts";
import { ServiceError } from "../emulator/service-error.ts";
import { formField, type WireRequest, type WireResponse } from "../emulator/wire/message.ts";
import { BenchError, messageOf } from "../errors.ts";
import { Callers } from "./callers.ts";
import { type EmulatedAccountOptions, openEmulatedAccount } from "./emulated-account.ts";
import { clockPath, databasesPath, formatModel, modelHeader } from "./model-header.ts";
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
  /** Names by which clients reach it, besides the host's and the loopback's. */
  allowedHosts?: readonly string[];
  speed: Speed;
}

export interface Served {
  /** `http://127.0.0.1:4566` */
  endpoint: string;
  /** Rejects when the emulator has failed, after which its answers could not be relied on. */
  failed: Promise<never>;
  close(): Promise<void>;
}

/** So long a client that sends more than is taken may go on, so that it reads why it was refused. */
const lingerMs = 5_000;

/** SQS keeps a message no longer, and nothing else of the model takes so long. */
const longestSleepMs = 14 * 24 * 3_600_000;

/** At the speed `max` this much time passes before each question, because a client that asks is waiting for something. */
const questionMs = 5_000;
/** Clients whose waiters ask about a stack twice a minute only. At the speed `max` they are answered when it is done, or after the time below. */
const slowPollers = /^(aws-cli|boto3)\//i;
const longestStackMs = 1_800_000;
const question = /^(Describe|Get|List)/;

/** Serves an empty account whose time begins now. Throws BenchError when the port is taken or the database cannot be reached. */
export async function serve(options: ServeOptions): Promise<Served> {
  const account = await openEmulatedAccount({ ...options, start: Date.now() });
  const { emulator, model, writeRows, decisions, close } = account;
  // Whoever asks may read them.
  emulator.logs.keepsInvocations = true;
  const pace = new Pace(emulator.kernel, options.speed, writeRows);
  const front = new Front(emulator, (promise, waitingFor) => pace.wait(promise, waitingFor));
  const answer = async (request: WireRequest): Promise<WireResponse> => {
    if (request.path === clockPath) {
      const sleepMs = request.method === "POST" ? Number(request.query.sleep ?? 0) : 0;
      if (!(sleepMs >= 0 && sleepMs <= longestSleepMs)) {
        const message = `The clock sleeps from 0 to ${longestSleepMs} ms; POST ${clockPath}?sleep=5000 sleeps five seconds.`;
        return front.refuse(request, new ServiceError("ValidationException", message));
      }
      if (sleepMs > 0) await pace.sleep(sleepMs);
      return jsonReply({ now: emulator.kernel.now, speed: options.speed } satisfies ClockReading);
    }
    if (request.path === databasesPath) return jsonReply(await account.databases());
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
  const callers = new Callers(options.host, options.allowedHosts);
  const server = createServer(async (incoming, reply) => {
    const request = wireRequestOf(incoming);
    const refusal = callers.refusal(incoming.headers);
    if (refusal !== null) {
      send(reply, front.refuse(request, new ServiceError("AccessDeniedException", refusal, 403)));
      return linger(incoming);
    }
    reply.setHeader(modelHeader, formatModel({ ...model, assumptions: assumptions() }));
    try {
      const body = await bodyOf(incoming, front.mostBytes(request));
      if (body !== null) return send(reply, await answer({ ...request, body }));
      send(reply, front.refuseLarge(request));
      linger(incoming);
    } catch (fault) {
      // A client that has gone away hears nothing, and is no fault.
      if (incoming.destroyed && !incoming.complete) return;
      process.stderr.write(`${incoming.method} ${incoming.url}: ${messageOf(fault)}\n`);
      send(reply, front.refuse(request, new ServiceError("InternalFailure", messageOf(fault), 500)));
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
  return question.test(formField(body, "Action") ?? "");
}

const isUnderWay = /^(?!REVIEW).*_IN_PROGRESS$/;

/** The name or id of the stack that a slow poller asks about; null: another request. */
function stackAskedFor({ headers, body }: WireRequest): string | null {
  if (!slowPollers.test(headers["user-agent"] ?? "")) return null;
  return formField(body, "Action") === "DescribeStacks" ? formField(body, "StackName") : null;
}

/** null: the body has more bytes. */
async function bodyOf(incoming: IncomingMessage, most: number): Promise<Uint8Array | null> {
  if (Number(incoming.headers["content-length"]) > most) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Drops the rest of a request that is answered already, for a while. */
function linger(incoming: IncomingMessage): void {
  const { socket } = incoming;
  const end = setTimeout(() => socket.destroy(), lingerMs);
  for (const event of ["end", "close"]) incoming.once(event, () => clearTimeout(end));
  incoming.resume();
}

/** The request without its body. */
function wireRequestOf({ method = "GET", url = "/", headers }: IncomingMessage): WireRequest {
  const [path] = url.split("?", 1);
  const parameters = new URLSearchParams(url.slice(path!.length + 1));
  const query = [...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name);
    return [name, values.length === 1 ? values[0]! : values] as const;
  });
  return {
    method,
    path: path!,
    query: Object.fromEntries(query),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: new Uint8Array(),
  };
}

function send(reply: ServerResponse, { statusCode, headers, body }: WireResponse): void {
  reply.writeHead(statusCode, { ...headers, "content-length": body.length }).end(body);
}

function jsonReply(value: object): WireResponse {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { statusCode: 200, headers: { "content-type": "application/json" }, body };
}
