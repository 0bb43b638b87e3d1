/** A proxy between the harness and the served model that answers some requests itself, as AWS does on a bad day. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { modelHeader } from "../../src/targets/model-header.ts";

/**
 * A fault in place of an answer. `cut-after`: the model has answered, and the answer is lost; `cut-short`: but for its first half. A page
 * is what others than AWS answer.
 */
export type Fault =
  | { error: string; message: string; status: number }
  | { answer: object }
  | "cut"
  | "cut-after"
  | "cut-short"
  | { page: string; status: number; headers?: Record<string, string> }
  | { delayMs: number };

export interface Faults {
  endpoint: string;
  /** Operations in the order in which they came: `CreateStack`, `PUT …/code` is `UpdateFunctionCode`. */
  readonly operations: string[];
  /** The access keys by which they were signed, in the same order. */
  readonly keys: string[];
  /** Connections of clients to the proxy. */
  readonly connections: { made: number; open: number };
  /** Asked for each request with its number among those of its operation, from 1. */
  rule: (operation: string, count: number) => Fault | undefined;
  close(): Promise<void>;
}

/** `isAnonymous`: its answers do not say that a model of ours gives them, as those of an account do not. */
export async function faultsBefore(endpoint: string, { isAnonymous = false } = {}): Promise<Faults> {
  const operations: string[] = [];
  const keys: string[] = [];
  const connections = { made: 0, open: 0 };
  const server = createServer(async (incoming, reply) => {
    const body = await bytesOf(incoming);
    const operation = operationOf(incoming, body);
    // A path of the model's own is no operation of AWS.
    const isOfModel = incoming.url!.startsWith("/_throttle-bench/");
    if (!isOfModel) {
      operations.push(operation);
      keys.push(/Credential=([^/]+)/.exec(incoming.headers.authorization ?? "")?.[1] ?? "");
    }
    const fault = isOfModel
      ? undefined
      : faults.rule(operation, operations.filter((each) => each === operation).length);
    if (fault === "cut") return incoming.socket.destroy();
    if (typeof fault === "object" && "error" in fault) return refuse(incoming, reply, fault);
    if (typeof fault === "object" && "answer" in fault) return json(reply, 200, fault.answer);
    if (typeof fault === "object" && "page" in fault) {
      reply.writeHead(fault.status, { "content-type": "text/html", ...fault.headers }).end(fault.page);
      return;
    }
    if (typeof fault === "object") await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (incoming.socket.destroyed) return;
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const answer = await fetch(`${endpoint}${incoming.url}`, {
      method: incoming.method,
      headers: headers as Record<string, string>,
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (fault === "cut-after") return incoming.socket.destroy();
    if (fault === "cut-short") {
      // Without a length, the end of the connection is the end of the answer.
      const { "content-length": _length, "content-encoding": _, ...rest } = Object.fromEntries(answer.headers);
      reply.writeHead(answer.status, { ...rest, connection: "close", "transfer-encoding": "identity" });
      reply.end(content.subarray(0, Math.floor(content.length / 2)));
      return;
    }
    const { "content-encoding": _encoding, connection: __, ...answered } = Object.fromEntries(answer.headers);
    if (isAnonymous) delete answered[modelHeader];
    reply.writeHead(answer.status, { ...answered, "content-length": content.length }).end(content);
  });
  server.on("connection", (socket) => {
    connections.made++;
    connections.open++;
    socket.once("close", () => connections.open--);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const faults: Faults = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    keys,
    connections,
    rule: () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return faults;
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function operationOf({ method, url = "", headers }: IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".")[1]!;
  const action = new URLSearchParams(body.toString()).get("Action");
  if (action) return action;
  if (url.endsWith("/invocations")) return "Invoke";
  if (url.endsWith("/code")) return "UpdateFunctionCode";
  if (url.includes("/configuration")) return "GetFunctionConfiguration";
  return `${method} ${url}`;
}

/** In the protocol of the request: XML for a form, JSON for the rest. */
function refuse(
  { headers }: IncomingMessage,
  reply: ServerResponse,
  { error, message, status }: { error: string; message: string; status: number },
): void {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    const content = `<Error><Type>Sender</Type><Code>${error}</Code><Message>${message}</Message></Error>`;
    reply.writeHead(status, { "content-type": "text/xml" }).end(`<ErrorResponse>${content}</ErrorResponse>`);
  } else {
    json(reply, status, { __type: error, message }, { "x-amzn-errortype": error });
  }
}

function json(reply: ServerResponse, status: number, content: object, headers: Record<string, string> = {}): void {
  reply.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(content));
}
