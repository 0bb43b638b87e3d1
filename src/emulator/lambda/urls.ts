/** Function URLs: HTTPS endpoints that invoke a function synchronously. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
import type {
  Account,
  Endpoints,
  HttpRequest,
  HttpResponse,
  InvocationOutcome,
  LambdaFunction,
  UrlAuthType,
} from "../account.ts";
import type { Random } from "../kernel/random.ts";
import { ServiceError } from "../service-error.ts";

/** A function's URL. */
export interface FunctionUrl {
  /** Its first label is the URL's id. */
  readonly host: string;
  readonly functionArn: string;
  readonly authType: UrlAuthType;
}

const json = { "content-type": "application/json" };

export class FunctionUrls implements Endpoints {
  readonly #urls = new Map<string, FunctionUrl>();
  readonly #ids: Random;

  constructor(private readonly account: Account) {
    this.#ids = account.kernel.random("lambda.urls");
  }

  /** @throws ServiceError `ResourceConflictException` when the function has one already. */
  create(fn: LambdaFunction, authType: UrlAuthType): FunctionUrl {
    if (this.#of(fn.arn)) {
      const message = `Failed to create function url config for [functionArn = ${fn.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`;
      throw new ServiceError("ResourceConflictException", message, 409);
    }
    const id = this.#ids.uuid().replaceAll("-", "");
    const url = { host: `${id}.lambda-url.${this.account.region}.on.aws`, functionArn: fn.arn, authType };
    this.#urls.set(url.host, url);
    return url;
  }

  delete(host: string): void {
    this.#urls.delete(host);
  }

  request(request: HttpRequest, done: (response: HttpResponse) => void): boolean {
    const url = URL.canParse(request.url) ? new URL(request.url) : null;
    const found = this.#urls.get(url?.host ?? "");
    const fn = this.account.lambda.fn(found?.functionArn ?? "");
    if (url === null || found === undefined || fn === undefined) return false;
    const { kernel } = this.account;
    const metrics = urlMetrics(this.account, fn.name);
    const askedAt = kernel.now;
    const answer = (response: HttpResponse) => {
      metrics.requests.add(1);
      metrics.clientErrors.add(isIn(response, 400) ? 1 : 0);
      metrics.serverErrors.add(isIn(response, 500) ? 1 : 0);
      metrics.latency.add(kernel.now - askedAt);
      done(response);
    };
    // No request of the model is signed.
    if (found.authType === "AWS_IAM" || !fn.permitsEverybody("NONE")) {
      answer({ statusCode: 403, headers: json, body: '{"Message":"Forbidden"}' });
      return true;
    }
    fn.invoke(this.#event(url, request), (outcome) => answer(responseOf(outcome)));
    return true;
  }

  #of(functionArn: string): FunctionUrl | undefined {
    return [...this.#urls.values()].find((url) => url.functionArn === functionArn);
  }

  /** Payload format 2.0: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
  #event({ host, pathname, search, searchParams }: URL, { method, headers, body }: HttpRequest) {
    const { now } = this.account.kernel;
    const [id] = host.split(".");
    return {
      version: "2.0",
      routeKey: "$default",
      rawPath: pathname,
      rawQueryString: search.slice(1),
      headers: { ...headers, host, "x-forwarded-proto": "https", "x-forwarded-port": "443" },
      ...(search !== "" && { queryStringParameters: Object.fromEntries(searchParams) }),
      requestContext: {
        accountId: "anonymous",
        apiId: id,
        domainName: host,
        domainPrefix: id,
        http: {
          method,
          path: pathname,
          protocol: "HTTP/1.1",
          sourceIp: "203.0.113.1",
          userAgent: headers["user-agent"] ?? "",
        },
        requestId: this.#ids.uuid(),
        routeKey: "$default",
        stage: "$default",
        time: timeOf(now),
        timeEpoch: now,
      },
      body,
      isBase64Encoded: false,
    };
  }
}

function isIn({ statusCode }: HttpResponse, hundred: number): boolean {
  return statusCode >= hundred && statusCode < hundred + 100;
}

/** A time as the format has it: `12/Mar/2020:19:03:58 +0000`. */
function timeOf(ms: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(ms).toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload */
function responseOf(outcome: InvocationOutcome): HttpResponse {
  if (outcome.kind === "throttled") {
    const body = JSON.stringify({ Reason: outcome.reason, Type: "User", message: "Rate Exceeded." });
    return { statusCode: 429, headers: json, body };
  }
  if (outcome.kind === "error") {
    return { statusCode: 502, headers: { "content-type": "text/plain" }, body: "Internal Server Error" };
  }
  const answer = outcome.payload as { statusCode?: unknown; headers?: Record<string, unknown>; body?: unknown } | null;
  if (typeof answer !== "object" || answer === null || typeof answer.statusCode !== "number") {
    return { statusCode: 200, headers: json, body: JSON.stringify(outcome.payload) };
  }
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    statusCode: answer.statusCode,
    headers: { ...json, ...Object.fromEntries(headers) },
    body: typeof answer.body === "string" ? answer.body : "",
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html */
function urlMetrics({ cloudwatch }: Account, functionName: string) {
  const dimensions = { FunctionName: functionName };
  const metric = (name: string) => cloudwatch.metric({ namespace: "AWS/Lambda", name, dimensions });
  return {
    requests: metric("UrlRequestCount"),
    clientErrors: metric("Url4xxCount"),
    serverErrors: metric("Url5xxCount"),
    latency: metric("UrlRequestLatency"),
  };
}
