/** Tells a whole answer of AWS from what others on the way answer: proxies, sign-in pages, connections that end too soon. */
import type { HttpRequest, HttpResponse, MiddlewareStack } from "@smithy/types";

/** An answer that AWS has not given, or not whole. The message has its HTTP status and, unless it may be AWS's own, its first line. */
export class ForeignAnswer extends Error {
  override readonly name = "ForeignAnswer";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(
    message: string,
    httpStatusCode: number,
    /** True: it is the beginning of an answer as AWS gives it. */
    readonly isCutShort = false,
  ) {
    super(message);
    this.$metadata = { httpStatusCode };
  }
}

/** The rest of an answer that has begun comes within this time. */
const longestBodyMs = 60_000;

const longestLine = 200;

/** Lets the client throw a `ForeignAnswer` in place of the SDK's own errors, which speak to those who develop with it. */
export function refuseForeignAnswers(client: object): void {
  // biome-ignore lint/suspicious/noExplicitAny: the stack is generic over each client's own inputs and outputs
  const { middlewareStack } = client as { middlewareStack: MiddlewareStack<any, any> };
  middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      const response = answered.response as HttpResponse;
      const body = await bytesOf(response.body);
      const fault = faultIn(args.request as HttpRequest, response, body.toString());
      if (fault !== null) throw fault;
      response.body = body;
      return answered;
    },
    { step: "deserialize", priority: "low", name: "refuseForeignAnswers", override: true },
  );
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const stream = body as NodeJS.ReadableStream & { destroy(reason: Error): void };
  const tooLate = Object.assign(new Error(`the answer did not end within ${longestBodyMs / 1_000} s`), {
    name: "TimeoutError",
  });
  const deadline = setTimeout(() => stream.destroy(tooLate), longestBodyMs);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(deadline);
  }
}

/** null: AWS has given the answer, and it is whole. */
function faultIn(
  { headers: asked }: HttpRequest,
  { statusCode, headers }: HttpResponse,
  text: string,
): ForeignAnswer | null {
  const isXml = asked["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  const isRefusal = statusCode >= 300;
  if (isXml ? isXmlOfAws(text) : isRefusal ? isJsonRefusal(headers, text) : isJsonAnswer(statusCode, text)) return null;
  const status = `HTTP ${statusCode}`;
  if (text.trim() === "") return new ForeignAnswer(`${status} with an empty answer${placeIn(headers)}`, statusCode);
  // A part of AWS's own answer may hold a secret.
  const isBegun = isXml ? /^\s*(<\?xml[^>]*\?>\s*)?<\w+Response\b/.test(text) : /^\s*[[{"]/.test(text);
  if (isBegun && (isXml || jsonIn(text) === undefined)) {
    return new ForeignAnswer(`${status} with an answer that was cut short`, statusCode, true);
  }
  const words = `${status} with an answer that is none of AWS's${placeIn(headers)}: ${firstLine(text)}`;
  return new ForeignAnswer(words, statusCode);
}

/** Every answer of the Query protocol is one element, by the name of its action or of an error. */
function isXmlOfAws(text: string): boolean {
  const [, root] = /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w*Response)\b/.exec(text) ?? [];
  return root !== undefined && (text.trimEnd().endsWith(`</${root}>`) || /^[^>]*\/>\s*$/.test(text));
}

function isJsonRefusal(headers: HttpResponse["headers"], text: string): boolean {
  const content = text === "" ? {} : jsonIn(text);
  if (typeof content !== "object" || content === null) return false;
  return headers["x-amzn-errortype"] !== undefined || "__type" in content || "code" in content || "Code" in content;
}

/** An accepted invocation, and a deletion, answer nothing. */
function isJsonAnswer(statusCode: number, text: string): boolean {
  if (text === "") return statusCode === 202 || statusCode === 204;
  return jsonIn(text) !== undefined;
}

/** Undefined: the text is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}

/** The host alone, because the rest of a sign-in page's address may be secret. */
function placeIn({ location = "" }: HttpResponse["headers"]): string {
  return URL.canParse(location) ? ` that leads to ${new URL(location).host}` : "";
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split(/[\r\n]/);
  const shown = line.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  return shown.length > longestLine ? `${shown.slice(0, longestLine)}…` : shown;
}
