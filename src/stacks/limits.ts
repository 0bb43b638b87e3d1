/** What AWS takes of a template passed by body, of a stack and of code, so that more is refused before anything is sent. */
import { BenchError } from "../errors.ts";
import { readTemplate } from "../template/sections.ts";
import { maximumTemplateBytes, type Template, TemplateError } from "../template/template.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const most = { resources: 500, parameters: 200, outputs: 200 };
const largestValueBytes = 4_096;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const stackName = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
const requestToken = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;

/** Zipped and uploaded directly: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const largestCodeBytes = 52_428_800;

/** `what` begins the sentence, such as the template's file. Throws `bad-template`. */
export function checkTemplateLimits(what: string, templateBody: string): void {
  const bytes = Buffer.byteLength(templateBody);
  if (bytes > maximumTemplateBytes) {
    throw refusal(`${what} has ${bytes} bytes, and CloudFormation takes ${maximumTemplateBytes}; make it smaller`);
  }
  const template = readable(templateBody);
  if (template === null) return;
  for (const part of ["resources", "parameters", "outputs"] as const) {
    const count = template[part].length;
    if (count > most[part]) {
      throw refusal(`${what} has ${count} ${part}, and CloudFormation takes ${most[part]}; use fewer`);
    }
  }
}

/** null: what cannot be read here is for CloudFormation to judge. */
function readable(templateBody: string): Template | null {
  try {
    return readTemplate(templateBody);
  } catch (unreadable) {
    if (unreadable instanceof TemplateError) return null;
    throw unreadable;
  }
}

/** Throws `bad-template`. */
export function checkStackLimits(name: string, token: string, parameters: Readonly<Record<string, string>>): void {
  if (!stackName.test(name)) {
    throw refusal(
      `The stack name ${name} is none that CloudFormation takes; use at most 128 letters, digits and hyphens`,
    );
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
