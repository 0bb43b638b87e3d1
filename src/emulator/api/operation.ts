/** An API: operations by name, each with the schema of its input. No operation knows a protocol. */
import type * as z from "zod";
import type { Account } from "../account.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Constants } from "../platforms/platforms.ts";
import { ServiceError } from "../service-error.ts";

/**
 * The answer of an operation, in AWS's shape. JavaScript's types carry AWS's: `Date` is a timestamp, `Map` a map,
 * `Uint8Array` a blob; members that are undefined or null are left out.
 */
export type Output = Record<string, unknown>;

/** Members of the query protocol's flattened lists and maps, each with the name of its elements. */
export type Flattened = Readonly<Record<string, string>>;

/** The facts of a service that its protocol needs. */
export interface Dialect {
  /** AWS's name for the service. */
  readonly name: string;
  /** The namespace of its XML replies, where it speaks the query protocol. */
  readonly xmlNamespace?: string;
  /** The query protocol's codes of those errors that are not called like their shape. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  /** Where the service has any flattened members: those of an operation. */
  readonly flattened?: (operation: string) => Flattened;
  /** Where the service speaks restJson1: its operations in HTTP. */
  readonly http?: Readonly<Record<string, HttpBinding>>;
}

/** The places of an operation's members in HTTP. Every query parameter is the member of its name. */
export interface HttpBinding {
  method: string;
  /** With a member's name for each label, as in `/2015-03-31/functions/{FunctionName}`. */
  path: string;
  /** The status of a reply without a `StatusCode`; default 200. */
  statusCode?: number;
  /** Header names by input member. */
  inputHeaders?: Record<string, string>;
  /** Header names by output member. */
  outputHeaders?: Record<string, string>;
  /** The member that is the whole body, in both directions; without one the body is JSON. */
  payload?: string;
  /** The most bytes of a request's body; without it AWS publishes none for the operation. */
  mostBytes?: (constants: Constants) => number;
}

/** The answer is a promise only where it takes virtual time. */
type Operation = (account: Account, input: unknown) => Output | Promise<Output>;

export interface Api extends Dialect {
  /** In an Authorization header's credential scope. */
  readonly signingName: string;
  /** The API's version in the query protocol. Lambda's paths have versions of their own. */
  readonly version: string;
  /** The beginning of `x-amz-target`. */
  readonly targetPrefix: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Codes for input that does not fit: a member that is missing, and one that is wrong or not modelled. */
  readonly inputErrors: { readonly missing: string; readonly invalid: string };
}

/** An operation that runs when its input fits the schema. @throws ZodError otherwise; see `inputError`. */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (account: Account, input: z.output<Schema>) => Output | Promise<Output>,
): Operation {
  return (account, input) => run(account, schema.parse(input, { reportInput: true }));
}

/**
 * The promise of a service's callback. It wakes the kernel, so that the answer is through before the next event. Otherwise
 * virtual time would run on past it.
 */
export function callbackPromise<Answer>(
  kernel: Kernel,
  ask: (callback: (answer: Answer) => void) => void,
): Promise<Answer> {
  return new Promise((resolve) => ask((answer) => kernel.wake(() => resolve(answer))));
}

/** @throws ServiceError for a body of more bytes, in AWS's words, as in serverless/serverless issue 10179. */
export function requireSmall({ length }: { length: number }, most: number, operationName: string): void {
  if (length > most) throw tooLarge(most, operationName);
}

export function tooLarge(most: number, operationName: string): ServiceError {
  return new ServiceError(
    "RequestEntityTooLargeException",
    `Request must be smaller than ${most} bytes for the ${operationName} operation`,
    413,
  );
}

/** The service's error for an input that does not fit the operation. It names the member. */
export function inputError(api: Api, operationName: string, error: z.ZodError): ServiceError {
  const issue = error.issues.find(({ code }) => code === "unrecognized_keys") ?? error.issues[0]!;
  const at = (path: readonly PropertyKey[]) => path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const member = at([...issue.path, issue.keys[0]!]);
    return new ServiceError(
      api.inputErrors.invalid,
      `The emulator does not model the member ${member} of ${api.name} ${operationName}.`,
    );
  }
  const member = at(issue.path);
  if (issue.input === undefined && issue.code !== "custom") {
    return new ServiceError(api.inputErrors.missing, `The request must contain the parameter ${member}.`);
  }
  return new ServiceError(
    api.inputErrors.invalid,
    `Invalid value for the parameter ${member} of ${operationName}: ${issue.message.replace(/^must /, "it must ")}.`,
  );
}
