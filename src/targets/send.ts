/** Sends a request of the harness, and repeats it where that is safe. All retries are here, on the target's clock. */
import { BenchError, type ErrorCode, messageOf } from "../errors.ts";
import type { Account } from "./target.ts";

/** The pause begins with this and doubles after each attempt: most of a minute in all. */
const firstPauseMs = 500;
const longestPauseMs = 20_000;
const attempts = 8;

export interface Sending {
  /** The service by the name that people know: `CloudFormation`, `Postgres`. */
  service: string;
  /** The beginning of the error: `The stack x was refused`. */
  failure: string;
  /** Default: `target-failed`. */
  code?: ErrorCode;
  signal?: AbortSignal;
}

/**
 * Resolves with the answer to a request of AWS or the database, which must change nothing more when it is made twice. Throttling,
 * AWS's own errors, cut connections and a lost database are waited out, and the target's listener is told.
 * @throws BenchError in AWS's words for every other refusal.
 */
export async function send<Answer>(
  { clock, onRetry }: Pick<Account, "clock" | "onRetry">,
  request: () => Promise<Answer>,
  sending: Sending,
): Promise<Answer> {
  const { service, signal } = sending;
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt++, pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    signal?.throwIfAborted();
    try {
      return await request();
    } catch (refusal) {
      if (!isTransient(refusal) || attempt === attempts) throw failureOf(refusal, attempt, sending);
      onRetry({ service, reason: reasonOf(refusal), pauseMs, attempt: attempt + 1, attempts });
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** The error that tells the user of AWS's refusal, or of the connection's failure. */
export function failureOf(
  refusal: unknown,
  attempt: number,
  { failure, code = "target-failed" }: Pick<Sending, "failure" | "code">,
): BenchError {
  if (refusal instanceof BenchError) return refusal;
  const again = attempt > 1 ? `, after ${attempt} attempts` : "";
  return new BenchError(code, `${failure}: ${wordsOf(refusal)}${again}${cureOf(refusal)}`, { cause: refusal });
}

/** The reason of a retry. A lost database's error comes with a cure, which does not belong into it. */
function reasonOf(refusal: unknown): string {
  return wordsOf(refusal instanceof BenchError ? (refusal.cause ?? refusal) : refusal);
}

/** The refusal in its own words. A refused connection to a name with several addresses has a code and no message. */
function wordsOf(refusal: unknown): string {
  return (refusal instanceof Error && refusal.message) || codeOf(refusal) || messageOf(refusal);
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const throttlingErrors = new Set([
  "BandwidthLimitExceeded",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "Throttling",
  "ThrottledException",
  "ThrottlingException",
  "TooManyRequestsException",
]);
/** A function that is still being changed refuses the next change until then. */
const busyErrors = new Set(["ResourceConflictException"]);
const connectionErrors = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "TimeoutError",
]);

function isTransient(refusal: unknown): boolean {
  if (refusal instanceof BenchError) return refusal.code === "database-failed";
  const { name = "", $metadata: { httpStatusCode: status = 0 } = {} } = refusal as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if (throttlingErrors.has(name) || busyErrors.has(name) || status === 429 || status >= 500) return true;
  return connectionErrors.has(name) || connectionErrors.has(codeOf(refusal));
}

function codeOf(refusal: unknown): string {
  return (refusal as { code?: string }).code ?? "";
}

const credentialErrors =
  /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|CredentialsProviderError)$/;
const permissionErrors = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/;

/** Tells that a permission is missing, so that asking again would be refused again. */
export function isDenied(failure: unknown): boolean {
  return failure instanceof BenchError && permissionErrors.test(nameOf(failure.cause));
}

/** Tells that AWS answers nothing more until the credentials are renewed. */
export function needsCredentials(failure: unknown): boolean {
  return failure instanceof BenchError && credentialErrors.test(nameOf(failure.cause));
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : "";
}

function cureOf(refusal: unknown): string {
  const { name = "" } = refusal as { name?: string };
  if (credentialErrors.test(name)) return "; renew the credentials, for example with `aws sso login`.";
  if (permissionErrors.test(name)) return "; ask for this permission, or use another --profile.";
  return "";
}
