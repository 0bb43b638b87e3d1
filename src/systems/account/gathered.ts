/** Resources of an account in CloudFormation's words, found by their ARNs. */

import type { TemplateMap, TemplateValue } from "../../template/template.ts";
import { jsonIn } from "../json-text.ts";

/** Properties as a service tells them: undefined and null are not set. */
export type Told = Record<string, unknown>;

export class Gathered {
  /** as the account calls them, by logical ID */
  readonly names = new Map<string, string>();
  readonly #byArn = new Map<string, TemplateValue>();

  /** @param resources that are there already, by logical ID */
  constructor(readonly resources: TemplateMap = {}) {}

  /**
   * @param kind what the logical ID ends with
   * @param reference the attribute that is its ARN; null: `Ref` is
   */
  add(
    type: string,
    kind: string,
    name: string,
    arn: string | null,
    reference: string | null,
    properties: Told,
  ): string {
    const logicalId = this.#newId(name, kind);
    this.resources[logicalId] = { Type: type, Properties: told(properties) };
    this.names.set(logicalId, name);
    if (arn !== null) {
      this.#byArn.set(arn, reference === null ? { Ref: logicalId } : { "Fn::GetAtt": [logicalId, reference] });
    }
    return logicalId;
  }

  has(arn: string): boolean {
    return this.#byArn.has(arn);
  }

  /** A known resource's reference; the ARN where it is outside. */
  reference(arn: string): TemplateValue {
    return this.#byArn.get(arn) ?? arn;
  }

  #newId(name: string, kind: string): string {
    const words = name.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
    const whole = words.join("");
    const logicalId = whole.toLowerCase().endsWith(kind.toLowerCase()) ? whole : `${whole}${kind}`;
    for (let number = 1; ; number++) {
      const unique = number === 1 ? logicalId : `${logicalId}N${number}`;
      if (this.resources[unique] === undefined) return unique;
    }
  }
}

/** The members that are set. */
function told(value: unknown): TemplateValue {
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== "object" || value === null) return value as TemplateValue;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined && each !== null)
      .map(([key, each]) => [key, told(each)]),
  );
}

/** The last part of an ARN. */
export function nameIn(arn: string): string {
  return arn.split(/[:/]/).at(-1)!;
}

/** @returns undefined: it is no JSON */
export function parsed(text: string | undefined): Told | undefined {
  return text === undefined ? undefined : (jsonIn(text) as Told | undefined);
}
