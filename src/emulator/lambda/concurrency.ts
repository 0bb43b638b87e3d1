/** Lambda's concurrency: who may run one more invocation now, and AWS's reason when nobody may. */
import type { InvocationType } from "../account.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { TokenBucket } from "../kernel/token-bucket.ts";
import type { Constants } from "../platforms/platforms.ts";

/** AWS's values of `Reason` in `TooManyRequestsException`. */
type ThrottleReason =
  | "ConcurrentInvocationLimitExceeded"
  | "FunctionInvocationRateLimitExceeded"
  | "ReservedFunctionConcurrentInvocationLimitExceeded"
  | "ReservedFunctionInvocationRateLimitExceeded";

/** A function as the limits see it. */
interface Tenant {
  /** null: it shares the unreserved pool. */
  readonly reservedConcurrency: number | null;
}

/** A function's use of the limits. */
interface Use {
  readonly tenant: Tenant;
  /** Its invocations that run. */
  running: number;
  /** The bucket of its requests; null: it has made none. */
  requests: { limit: number; bucket: TokenBucket } | null;
}

/**
 * Grants leases: one lease is one running invocation.
 *
 * The order of preference: a reservation is both the function's cap and its guarantee; everything else shares what no
 * reservation has taken of the account's limit. A new environment also needs a token of the scaling rate, and every synchronous
 * request one of the request rate.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
 */
export class Concurrency {
  readonly #uses = new Map<Tenant, Use>();
  readonly #scaling = new Map<Tenant | "region", TokenBucket>();

  constructor(
    private readonly kernel: Kernel,
    private readonly constants: Constants,
    private readonly tenants: () => Iterable<Tenant>,
  ) {}

  /** Invocations that were refused because the account's functions without a reservation had used up its quota. */
  refusedByQuota = 0;

  inUse(tenant: Tenant): number {
    return this.#uses.get(tenant)?.running ?? 0;
  }

  /** The part of the account's limit that the functions without a reservation share. */
  get unreserved(): number {
    let reserved = 0;
    for (const tenant of this.tenants()) reserved += tenant.reservedConcurrency ?? 0;
    return this.constants["lambda.accountConcurrency"] - reserved;
  }

  get total(): number {
    let total = 0;
    for (const { running } of this.#uses.values()) total += running;
    return total;
  }

  /**
   * Leases one invocation to the function, or says why not; `cold`: it would need a new environment. Asynchronous invocations are
   * bounded by concurrency only: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  acquire(tenant: Tenant, type: InvocationType, cold: boolean): ThrottleReason | null {
    const use = this.#useOf(tenant);
    const reserved = tenant.reservedConcurrency;
    const concurrency = reserved ?? this.unreserved;
    if (reserved !== null) {
      if (use.running >= reserved) return "ReservedFunctionConcurrentInvocationLimitExceeded";
    } else if (this.#unreservedInUse() >= concurrency) {
      this.refusedByQuota++;
      return "ConcurrentInvocationLimitExceeded";
    }
    if (type === "RequestResponse" && !this.#requestBucket(use, concurrency).take()) {
      return reserved !== null ? "ReservedFunctionInvocationRateLimitExceeded" : "FunctionInvocationRateLimitExceeded";
    }
    if (cold && !this.#scalingBucket(tenant).take()) return "ConcurrentInvocationLimitExceeded";
    use.running++;
    return null;
  }

  release(tenant: Tenant): void {
    this.#useOf(tenant).running--;
  }

  #useOf(tenant: Tenant): Use {
    let use = this.#uses.get(tenant);
    if (use === undefined) {
      use = { tenant, running: 0, requests: null };
      this.#uses.set(tenant, use);
    }
    return use;
  }

  #unreservedInUse(): number {
    let inUse = 0;
    for (const { tenant, running } of this.#uses.values()) if (tenant.reservedConcurrency === null) inUse += running;
    return inUse;
  }

  #requestBucket(use: Use, concurrency: number): TokenBucket {
    const limit = concurrency * this.constants["lambda.requestsPerSecondPerConcurrency"];
    if (use.requests?.limit === limit) return use.requests.bucket;
    const bucket = new TokenBucket(this.kernel, limit, limit);
    use.requests = { limit, bucket };
    return bucket;
  }

  #scalingBucket(tenant: Tenant): TokenBucket {
    const key = this.constants["lambda.scalingPerFunction"] === 1 ? tenant : "region";
    let bucket = this.#scaling.get(key);
    if (!bucket) {
      const { "lambda.scalingBucket": capacity, "lambda.scalingRefillPerSecond": refill } = this.constants;
      bucket = new TokenBucket(this.kernel, capacity, refill);
      this.#scaling.set(key, bucket);
    }
    return bucket;
  }
}
