/** The SDK clients of an account: one for each service that is used, made when it is first used and closed with the account. */
import type { MetricPoint, MetricSeries } from "../model.ts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** The configuration that every client is made from. */
export interface AwsConfiguration {
  region: string;
  credentials: Credentials | (() => Promise<Credentials>);
  /** In place of AWS's own endpoints. */
  endpoint?: string;
  /** The SDK's own seam: answers its serialized HTTP requests. */
  // biome-ignore lint/suspicious/noExplicitAny: the handler's type is generic over each client's own options
  requestHandler?: any;
  useFipsEndpoint?: false;
  useDualstackEndpoint?: false;
  defaultsMode?: "standard";
  // biome-ignore lint/suspicious/noExplicitAny: the SDK asks for all functions, and calls those that are there
  logger?: any;
  /** In place of AWS's signature. */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's types of it are its signature's own
  signerConstructor?: any;
  /** Retries are visible loops on the target's clock, so the SDK makes one attempt. */
  maxAttempts: 1;
  /** False: the URL of a queue names AWS's endpoint even where another answers, so that it must not decide who is asked. */
  useQueueUrlAsEndpoint: false;
}

interface Client {
  destroy(): void;
}

/** A metric as CloudWatch names it. */
export interface MetricName {
  /** Such as `AWS/Lambda`. */
  namespace: string;
  name: string;
  /** Such as `{ FunctionName }`. */
  dimensions: Record<string, string>;
}

/** The published points whose minutes begin at `start`, a whole minute, or later, and before `end`; ascending. */
export type MetricReader = (
  metric: MetricName,
  statistic: MetricSeries["statistic"],
  start: number,
  end: number,
) => MetricPoint[];

export class Clients {
  /** A shorter way to the metrics than CloudWatch's API; null: there is none. */
  readonly metrics: MetricReader | null = null;
  readonly #made = new Map<new (configuration: AwsConfiguration) => Client, Client>();

  /** `equip` is told each client that is made, before it is used. */
  constructor(
    readonly configuration: AwsConfiguration,
    private readonly equip: (client: object) => void = () => {},
  ) {}

  /** The client of this class, such as `LambdaClient`. Each keeps its connections open until `close`. */
  get<Made extends Client>(ClientClass: new (configuration: AwsConfiguration) => Made): Made {
    const known = this.#made.get(ClientClass) as Made | undefined;
    if (known !== undefined) return known;
    const made = new ClientClass(this.configuration);
    this.equip(made);
    this.#made.set(ClientClass, made);
    return made;
  }

  close(): void {
    for (const client of this.#made.values()) client.destroy();
    this.#made.clear();
  }
}
