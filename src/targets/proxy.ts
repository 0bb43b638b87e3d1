/**
 * The way to AWS through a company's proxy, by the variables that the AWS CLI reads and the SDK does not: HTTPS_PROXY and NO_PROXY.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
 */
import { NodeHttpHandler, type NodeHttpHandlerOptions } from "@smithy/node-http-handler";
import { HttpsProxyAgent } from "hpagent";

export interface WebProxy {
  /** Never to be printed: it may hold a password. */
  url: URL;
  /** Says whether a host is reached without it. */
  isExempt(hostname: string, port?: number): boolean;
}

type Asked = Parameters<NodeHttpHandler["handle"]>;

/** The SDK's own agents have as many. */
const mostSockets = 50;

/** Sends each request through the proxy, but for those to hosts without one. AWS's endpoints are HTTPS, and others stay as they are. */
export class ProxyHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };
  readonly #direct: NodeHttpHandler;
  readonly #proxied: NodeHttpHandler;

  constructor(
    private readonly proxy: WebProxy,
    options: NodeHttpHandlerOptions,
  ) {
    const httpsAgent = new HttpsProxyAgent({ keepAlive: true, maxSockets: mostSockets, proxy: proxy.url });
    this.#direct = new NodeHttpHandler(options);
    this.#proxied = new NodeHttpHandler({ ...options, httpsAgent });
  }

  async handle(...[request, options]: Asked): ReturnType<NodeHttpHandler["handle"]> {
    const { protocol, hostname, port } = request;
    if (protocol !== "https:" || this.proxy.isExempt(hostname, port)) return this.#direct.handle(request, options);
    return this.#proxied.handle(request, options).catch((failure) => {
      throw this.#explained(failure);
    });
  }

  updateHttpClientConfig(key: keyof NodeHttpHandlerOptions, value: never): void {
    this.#direct.updateHttpClientConfig(key, value);
    this.#proxied.updateHttpClientConfig(key, value);
  }

  httpHandlerConfigs(): NodeHttpHandlerOptions {
    return this.#direct.httpHandlerConfigs();
  }

  destroy(): void {
    this.#direct.destroy();
    this.#proxied.destroy();
  }

  /** The agent says of a proxy's refusal its status alone. */
  #explained(failure: unknown): unknown {
    const status = /^Bad response: (\d+)$/.exec((failure as Error).message)?.[1];
    if (status === undefined) return failure;
    const cure =
      status === "407"
        ? "give HTTPS_PROXY with its user and password"
        : "ask whoever runs it, or name the host in NO_PROXY";
    return new Error(`the proxy ${this.proxy.url.host} refuses the connection (status ${status}): ${cure}`, {
      cause: failure,
    });
  }
}
