/**
 * The AWS target: an account by the SDK's own conventions, the user's Postgres, the system clock. Its results are measurements,
 * unless a model that `serve` serves answers in AWS's place.
 */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { HttpResponse } from "@smithy/types";
import { functionAccess, type VpcConfig } from "../database/access.ts";
import { Invocations } from "../database/invocations.ts";
import { BenchError, messageOf } from "../errors.ts";
import type { ModelName } from "../model.ts";
import { refuseForeignAnswers } from "./answer.ts";
import { type AwsConfiguration, Clients } from "./clients.ts";
import { openRemoteClock, systemClock } from "./clock.ts";
import { clockPath, databasesPath, modelHeader, parseModel } from "./model-header.ts";
import type { ProxyHandler, WebProxy } from "./proxy.ts";
import { isUnanswered } from "./refusal.ts";
import { newSecret } from "./secret.ts";
import type { Account, Clock, RetryListener, Target } from "./target.ts";

export interface AwsOptions {
  /** Default: AWS_REGION, else the profile's. */
  region?: string;
  /** Default: AWS_PROFILE, else `default`. */
  profile?: string;
  /** In place of AWS's own endpoints. */
  endpointUrl?: string;
  /** Default: that of the model, where one answers in AWS's place, else the system's. */
  clock?: Clock;
  /** Default: nobody is told. */
  onRetry?: RetryListener;
  /** Leads to AWS's endpoints. Default: none, and they are reached as they are. */
  proxy?: WebProxy | null;
  /** The longest that an answer may take, unless the request says otherwise as a synchronous Invoke does. Default: a minute. */
  requestTimeoutMs?: number;
}

/** A Postgres that the harness and the functions reach. */
export interface AwsDatabase {
  /** Never to be printed: it holds the password. */
  url: string;
  /** The URL by which the functions reach it. Default: the same. */
  functionsUrl?: string;
  /** The network in which the functions reach it. Default: none. */
  vpc?: VpcConfig | null;
}

const connectionTimeoutMs = 10_000;
const minuteMs = 60_000;
const callerTimeoutMs = 5_000;

/** Throws BenchError `bad-usage` without a region, `target-failed` without credentials. Creates nothing. */
export async function openAws(options: AwsOptions): Promise<Account> {
  const { profile, endpointUrl, onRetry = () => {}, requestTimeoutMs = minuteMs, proxy = null } = options;
  // Any client resolves region and credentials. The credentials are shared, so that one session is asked for and renewed for all.
  const from = { region: options.region, profile, ...(proxy && { requestHandler: await handlerOf(proxy, {}) }) };
  const { config } = new STSClient(from);
  const region = await config.region().catch((cause) => {
    throw new BenchError("bad-usage", `${sentence(cause)}: give --region, AWS_REGION or a profile that has one.`, {
      cause,
    });
  });
  const credentials = await config.credentials().catch((cause) => {
    throw new BenchError(
      "target-failed",
      `${sentence(cause)}${profile === undefined ? "" : ` of the profile ${profile}`}: give --profile or AWS_PROFILE, or sign in, for example with \`aws sso login\`.`,
      { cause },
    );
  });
  let source = config.credentials;
  const patience = {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    // No limit to silence on a connection: the SDK's own default would cut a long Invoke.
    socketTimeout: 0,
  };
  const configuration: AwsConfiguration = {
    region,
    // The clients ask for each request, because they would keep for good what has no expiry.
    credentials: async () => ({ ...(await source()), expiration: new Date(0) }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    requestHandler: proxy === null ? patience : await handlerOf(proxy, patience),
    maxAttempts: 1,
    useQueueUrlAsEndpoint: false,
  };
  const clients = new Clients(configuration, refuseForeignAnswers);
  const patienceMs = Math.min(requestTimeoutMs, callerTimeoutMs);
  const { caller, model } = await firstAnswer(clients, patienceMs, endpointUrl);
  const isServed = model !== null && endpointUrl !== undefined;
  const ownClock = () => (isServed ? openRemoteClock(new URL(clockPath, endpointUrl).href) : systemClock);
  const clock = options.clock ?? (await ownClock());
  return {
    origin: {
      target: "aws",
      kind: model === null ? "measurement" : "prediction",
      platform: model?.platform ?? null,
      profile: model?.profile ?? null,
      modelHash: model?.modelHash ?? null,
      seed: model?.seed ?? null,
      assumptions: model?.assumptions ?? null,
      location: {
        accountId: caller?.accountId ?? credentials.accountId ?? null,
        region,
        endpoint: endpointUrl === undefined ? null : new URL(endpointUrl).origin,
      },
    },
    callerArn: caller?.arn ?? null,
    keepsStacks: true,
    clients,
    clock,
    decisions: async () => (isServed ? decidedIn((await callerAndModel(clients, patienceMs)).model) : null),
    onRetry,
    async renewCredentials() {
      const renewed = new STSClient(withoutCache(from)).config.credentials;
      const before = await source().catch(() => null);
      const now = await renewed().catch(() => null);
      if (now === null || now.accessKeyId === before?.accessKeyId) return false;
      source = renewed;
      return true;
    },
    close: async () => clients.close(),
  };
}

/** Loaded where there is a proxy only. */
async function handlerOf(
  proxy: WebProxy,
  options: ConstructorParameters<typeof ProxyHandler>[1],
): Promise<ProxyHandler> {
  const { ProxyHandler } = await import("./proxy.ts");
  return new ProxyHandler(proxy, options);
}

/** The SDK keeps the files of profiles as it has read them first, unless it is told not to by this option, which its types leave out. */
function withoutCache<Configuration extends object>(configuration: Configuration): Configuration {
  return Object.assign({ ignoreCache: true }, configuration);
}

/**
 * The account with a database: closing it leaves the account open. Throws BenchError where the database cannot be reached, and `bad-usage`
 * where it is not the one that a served model writes to.
 */
export async function attachDatabase(account: Account, database: AwsDatabase): Promise<Target> {
  const functions = await functionAccess(database.functionsUrl ?? database.url, database.vpc ?? null);
  const rows = await Invocations.open(database.url);
  try {
    await refuseOtherDatabase(account, rows);
  } catch (refusal) {
    await rows.close();
    throw refusal;
  }
  return { ...account, rows, functions, newSecret, close: () => rows.close() };
}

/** All events of a run would be missing from a database that the model does not write to. */
async function refuseOtherDatabase({ origin: { kind, location } }: Account, rows: Invocations): Promise<void> {
  if (kind !== "prediction" || location.endpoint === null) return;
  const [own, written] = await Promise.all([rows.identity(), databasesOf(location.endpoint)]);
  if (own === null || written.length === 0 || written.includes(own)) return;
  throw new BenchError(
    "bad-usage",
    `The model at ${location.endpoint} writes its rows to another database than the one this command reads: call it in the directory of \`throttle-bench serve\`, or give both one --database-url.`,
  );
}

/** The databases that a served model writes to; empty: it does not say. */
async function databasesOf(endpoint: string): Promise<unknown[]> {
  try {
    // It is asked once, and its connection would be kept.
    const headers = { connection: "close" };
    const signal = AbortSignal.timeout(callerTimeoutMs);
    const response = await fetch(new URL(databasesPath, endpoint), { headers, signal });
    const names: unknown = await response.json();
    return response.ok && Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

/** Counts, by name, what the numbers of a served model have decided until now. null: no model answered. */
function decidedIn(model: ModelName | null): Record<string, number> | null {
  return (
    model &&
    Object.fromEntries(model.assumptions.flatMap(({ name, decided }) => (decided === null ? [] : [[name, decided]])))
  );
}

/** The owner of the credentials, by STS, and the model that answers in AWS's place if it is one of ours. */
interface CallerAndModel {
  caller: { accountId: string; arn: string } | null;
  model: ModelName | null;
  /** The failure by which there was no answer at all; null: there was one. */
  unanswered: unknown;
}

/** A server that is started again is soon back. */
const pausesOfEndpointMs = [100, 400, 1_000];

/**
 * Asks an endpoint other than AWS's again where it does not answer: without an answer it is not known whether a model gives them, and a
 * prediction would be taken for a measurement. Throws BenchError `target-failed` where none comes.
 */
async function firstAnswer(clients: Clients, patienceMs: number, endpointUrl?: string): Promise<CallerAndModel> {
  for (let attempt = 0; ; attempt++) {
    const answered = await callerAndModel(clients, patienceMs);
    if (endpointUrl === undefined || answered.unanswered === null) return answered;
    if (attempt === pausesOfEndpointMs.length) {
      throw new BenchError(
        "target-failed",
        `${new URL(endpointUrl).origin} does not answer (${messageOf(answered.unanswered) || "the connection was cut"}): check the endpoint, or start \`throttle-bench serve\`.`,
        { cause: answered.unanswered },
      );
    }
    await systemClock.sleep(pausesOfEndpointMs[attempt]!);
  }
}

/** Nothing depends on the caller, so a denied, failing or slow STS is no reason to fail: the caller is null then. */
async function callerAndModel(clients: Clients, requestTimeout: number): Promise<CallerAndModel> {
  const sts = clients.get(STSClient);
  let model: ModelName | null = null;
  // A refusal carries the header, too, so the header is read before the SDK tells answers from refusals.
  sts.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      model = parseModel((answer.response as HttpResponse).headers[modelHeader]);
      return answer;
    },
    { step: "deserialize", priority: "low", name: "readModel", override: true },
  );
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}), { requestTimeout });
    const isKnown = Account !== undefined && Arn !== undefined;
    return { caller: isKnown ? { accountId: Account, arn: Arn } : null, model, unanswered: null };
  } catch (failure) {
    return { caller: null, model, unanswered: isUnanswered(failure) ? failure : null };
  }
}

function sentence(cause: unknown): string {
  return messageOf(cause).replace(/\.$/, "");
}
