/** The limits of a stack and of its code, so that more is refused before anything is sent. */
import { BenchError } from "../errors.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const largestValueBytes = 4_096;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const stackName = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
const requestToken = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;

/** Zipped and uploaded directly: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const largestCodeBytes = 52_428_800;

/** Throws `bad-template`. */
export function checkStackLimits(name: string, token: string, parameters: Readonly<Record<string, string>>): void {
  if (!stackName.test(name)) {
    throw refusal(`CloudFormation does not take the stack name ${name}; use at most 128 letters, digits and hyphens`);
  }
  if (!requestToken.test(token)) {
    throw refusal(`The run id ${token} cannot be a request's token; use at most 128 letters, digits and hyphens`);
  }
  const long = Object.entries(parameters).find(([, value]) => Buffer.byteLength(value) > largestValueBytes);
  if (long) throw refusal(`The value of ${long[0]} is over ${largestValueBytes} bytes; CloudFormation takes no more`);
}

/** `what` begins the sentence. Throws `bad-template`. */
export function checkCodeLimit(what: string, zip: Uint8Array): void {
  if (zip.length <= largestCodeBytes) return;
  throw refusal(
    `${what} is a zip of ${zip.length} bytes, and Lambda takes ${largestCodeBytes} by upload; make it smaller`,
  );
}

function refusal(problem: string): BenchError {
  return new BenchError("bad-template", `${problem}.`);
}
