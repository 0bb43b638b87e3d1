/** Refusals of AWS and of the database, and failures of the way to them: which of them pass, and in which words they are told. */
import { BenchError, type ErrorCode, messageOf } from "../errors.ts";
import { ForeignAnswer } from "./answer.ts";

/** The members of a refusal as the SDK throws it. */
interface Facts {
  name: string;
  code: string;
  /** of the system call that failed, such as `connect` */
  syscall: string;
  message: string;
  /** 0: no answer came */
  status: number;
  /** the SDK has set its clock by the refusal's date, so that the next request is signed with the right time */
  clockSkewCorrected: boolean;
  /** Lambda's, for its throttles */
  reason: string;
}

function factsOf(refusal: unknown): Facts {
  const { name, code, syscall, message, $metadata, Reason } = (refusal ?? {}) as Record<string, unknown>;
  const { httpStatusCode, clockSkewCorrected } = ($metadata ?? {}) as Record<string, unknown>;
  return {
    name: String(name ?? ""),
    code: String(code ?? ""),
    syscall: String(syscall ?? ""),
    message: String(message ?? ""),
    status: Number(httpStatusCode ?? 0),
    clockSkewCorrected: clockSkewCorrected === true,
    reason: String(Reason ?? ""),
  };
}

/** The error that tells the user of AWS's refusal, or of the connection's failure. */
export function failureOf(
  refusal: unknown,
  attempt: number,
  { failure, code = "target-failed" }: { failure: string; code?: ErrorCode },
): BenchError {
  if (refusal instanceof BenchError) return refusal;
  const again = attempt > 1 ? `, after ${attempt} attempts` : "";
  return new BenchError(code, `${failure}: ${wordsOf(refusal)}${again}${cureOf(refusal)}`, { cause: refusal });
}

/** Tells that the database has refused, also where a request of a modelled service was to be answered meanwhile. */
export function saysDatabase(refusal: unknown): boolean {
  return refusal instanceof BenchError && refusal.code === "database-failed";
}

/** The reason of a retry. A lost database's error comes with a cure, which does not belong into it. */
export function reasonOf(refusal: unknown): string {
  return wordsOf(refusal instanceof BenchError ? (refusal.cause ?? refusal) : refusal);
}

/** The refusal in its own words. A refused connection to a name with several addresses has a code and no message. */
function wordsOf(refusal: unknown): string {
  const { code, reason } = factsOf(refusal);
  const words = (refusal instanceof Error && refusal.message) || code || messageOf(refusal);
  return reason === "" ? words : `${words.replace(/\.$/, "")} (${reason})`;
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
/** Failures before a connection was there, so that nothing was sent. */
const unconnectedErrors = new Set(["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
/** Failures of a connection on which the request may have been sent. */
const cutErrors = new Set(["ECONNABORTED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "TimeoutError"]);

/** Tells that nobody answered: the connection was refused or cut, or nothing came in time. */
export function isUnanswered(refusal: unknown): boolean {
  const { name, code } = factsOf(refusal);
  return [name, code].some((each) => unconnectedErrors.has(each) || cutErrors.has(each));
}

/** Tells that the same request may be answered if it is sent again. */
export function isTransient(refusal: unknown): boolean {
  if (refusal instanceof BenchError) return saysDatabase(refusal);
  const { name, status, clockSkewCorrected } = factsOf(refusal);
  // A page that asks to sign in goes away when somebody does. Another refusal by a proxy stays.
  if (refusal instanceof ForeignAnswer && refusal.isCutShort) return true;
  if (refusal instanceof ForeignAnswer) return status < 400 || status >= 500 || status === 408 || status === 429;
  if (throttlingErrors.has(name) || busyErrors.has(name) || status === 429 || status >= 500) return true;
  return clockSkewCorrected || isUnanswered(refusal);
}

/**
 * Codes by which Postgres says that it has no room, or goes down and comes back: https://www.postgresql.org/docs/current/errcodes-appendix.html
 * Other codes of it are about the statement, and the next attempt will hardly do better. Other failures are the connection's.
 */
const passingInPostgres = /^(08|40|53|57)/;
const ofPostgres = /^(?=.*\d)[0-9A-Z]{5}$/;

/** Tells that it is worth to wait for long: the failure is about the moment, not about the request. Asked of transient ones. */
export function passesWithTime(refusal: unknown): boolean {
  const { code } = factsOf(refusal instanceof BenchError ? refusal.cause : refusal);
  return !(refusal instanceof BenchError) || !ofPostgres.test(code) || passingInPostgres.test(code);
}

/**
 * Errors of an invocation with a status of 500 or more that say that the function was not begun.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
const notBegunErrors =
  /^(EC2\w*|ENI\w*|Invalid\w*|KMS\w*|ResourceNotReady|SnapStart\w*|SubnetIPAddressLimitReached)Exception$/;

/** Errors of TLS before the connection was secure. */
const beforeSecure = /before secure TLS connection was established/;
const beforeConnected = /did not establish a connection/;

/**
 * Tells that the request may have been carried out, although the answer is a refusal or was lost. Whatever is not known to have been
 * refused, or not to have been sent, may have been.
 */
export function mayBeCarriedOut(refusal: unknown): boolean {
  const { name, code, syscall, message, status, clockSkewCorrected } = factsOf(refusal);
  if (status === 429 || clockSkewCorrected) return false;
  if (refusal instanceof ForeignAnswer) return true;
  if (status >= 500) return !notBegunErrors.test(name);
  if (status >= 300) return false;
  if (syscall === "connect" || syscall === "getaddrinfo" || unconnectedErrors.has(code)) return false;
  return !beforeSecure.test(message) && !beforeConnected.test(message);
}

const credentialErrors =
  /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|CredentialsProviderError)$/;
const permissionErrors =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation)$/;

/** Tells that a permission is missing, so that asking again would be refused again. */
export function isDenied(failure: unknown): boolean {
  return failure instanceof BenchError && permissionErrors.test(factsOf(failure.cause).name);
}

/** Tells that AWS answers nothing more until the credentials are renewed. */
export function needsCredentials(failure: unknown): boolean {
  return credentialErrors.test(factsOf(failure instanceof BenchError ? failure.cause : failure).name);
}

function cureOf(refusal: unknown): string {
  const { name } = factsOf(refusal);
  if (credentialErrors.test(name)) return "; renew the credentials, for example with `aws sso login`.";
  if (permissionErrors.test(name)) return "; ask for this permission, or use another --profile.";
  if (refusal instanceof ForeignAnswer && !refusal.isCutShort)
    return "; look for a proxy or a sign-in page on the way to AWS.";
  return "";
}
