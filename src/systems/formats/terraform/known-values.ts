/** Which instance a known value means: by its ARN, its URL, or its name. */

import type { Instance } from "./instances.ts";
import { translationOf } from "./resource-types.ts";

/** The types that ARNs of a service name, with what stands before the name. https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const arnForms: readonly { service: string; prefix: string; type: string }[] = [
  { service: "sqs", prefix: "", type: "aws_sqs_queue" },
  { service: "sns", prefix: "", type: "aws_sns_topic" },
  { service: "lambda", prefix: "function:", type: "aws_lambda_function" },
  { service: "kinesis", prefix: "stream/", type: "aws_kinesis_stream" },
  { service: "events", prefix: "event-bus/", type: "aws_cloudwatch_event_bus" },
  { service: "events", prefix: "rule/", type: "aws_cloudwatch_event_rule" },
  { service: "s3", prefix: "", type: "aws_s3_bucket" },
];

/** The arguments that name a resource. */
const nameArguments = ["function_name", "name", "bucket"];

export class KnownValues {
  readonly #byIdentifier = new Map<string, Instance[]>();
  readonly #byName = new Map<string, Instance[]>();

  constructor(private readonly instances: readonly Instance[]) {
    for (const each of instances) {
      if (translationOf(each.type).kind === "" && each.values.arn === undefined) continue;
      for (const attribute of ["arn", "id", "url", "stream_arn", "qualified_arn", "invoke_arn"]) {
        const value = each.values[attribute];
        if (typeof value === "string" && /^(arn:|https?:)/.test(value)) add(this.#byIdentifier, value, each);
      }
      const name = nameOf(each);
      if (name !== null) add(this.#byName, `${each.type} ${name}`, each);
    }
  }

  /** @param types the ones that are asked for; empty: any. null: none, or several. */
  find(value: string, types: readonly string[]): Instance | null {
    const fits = ({ type }: Instance) => types.length === 0 || types.includes(type);
    const identified = only((this.#byIdentifier.get(value) ?? []).filter(fits));
    if (identified !== null) return identified;
    const arn = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.+)$/.exec(value);
    if (arn === null) return this.#named(types, value);
    const [, service, rest] = arn;
    const form = arnForms.find((each) => each.service === service && rest!.startsWith(each.prefix));
    if (form === undefined) return null;
    const found = this.#named([form.type], rest!.slice(form.prefix.length));
    return found !== null && (fits(found) || found.type === "aws_lambda_alias") && !isElsewhere(found, value)
      ? found
      : null;
  }

  /** A function's name may end with an alias: `worker:live`. */
  #named(types: readonly string[], text: string): Instance | null {
    const [name, qualifier] = types.includes("aws_lambda_function") ? text.split(":") : [text, undefined];
    const found = only(types.flatMap((type) => this.#byName.get(`${type} ${name}`) ?? []));
    if (found === null || qualifier === undefined) return found;
    const aliases = this.instances.filter(
      ({ type, values, module }) => type === "aws_lambda_alias" && values.name === qualifier && module === found.module,
    );
    return only(aliases) ?? found;
  }
}

/** An ARN of another account or region is not the one of the same name here. */
function isElsewhere({ values }: Instance, arn: string): boolean {
  return typeof values.arn === "string" && !arn.startsWith(values.arn);
}

function nameOf({ values }: Instance): string | null {
  const found = nameArguments.map((each) => values[each]).find((each) => typeof each === "string" && each !== "");
  return typeof found === "string" ? found : null;
}

function add(map: Map<string, Instance[]>, key: string, instance: Instance): void {
  map.set(key, [...(map.get(key) ?? []), instance]);
}

function only<T>(found: readonly T[]): T | null {
  return new Set(found).size === 1 ? found[0]! : null;
}
