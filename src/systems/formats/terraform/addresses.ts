/** Terraform's addresses and references, such as `module.orders["eu"].aws_sqs_queue.this[0].arn`, as the steps that they take. */

/** The key of one instance, of `count` or of `for_each`. */
export interface InstanceKey {
  key: string | number;
}

export type Step = string | InstanceKey;

/** @param text an address, or a reference as `configuration` has it */
export function stepsOf(text: string): Step[] {
  return [...text.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, number, key, name]) => {
    if (number !== undefined) return { key: Number(number) };
    return key === undefined ? name! : { key: key.replace(/\\(.)/g, "$1") };
  });
}

/** `configuration` names with each reference what leads to it: `a.b[0].c`, `a.b[0]`, `a.b`. Only the longest says something. */
export function longestOf(references: readonly string[]): string[] {
  const continues = (longer: string, shorter: string) =>
    longer.length > shorter.length && longer.startsWith(shorter) && /^[.[]/.test(longer.slice(shorter.length));
  return [...new Set(references)].filter((each) => !references.some((other) => continues(other, each)));
}
