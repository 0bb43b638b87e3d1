/** Which resource of a system a value names: by a reference, or by its name or ARN as text. */
import { referencesIn } from "../template/intrinsics.ts";
import { textWith } from "../template/substitution.ts";
import type { TemplateMap, TemplateResource, TemplateValue } from "../template/template.ts";
import type { System } from "./system.ts";

/** The properties by which people name their resources. */
const nameProperties: Readonly<Record<string, string>> = {
  "AWS::Lambda::Function": "FunctionName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::Kinesis::Stream": "Name",
  "AWS::Events::EventBus": "Name",
  "AWS::S3::Bucket": "BucketName",
};

/** Resources that stand for a function. */
const qualifiers = new Set(["AWS::Lambda::Alias", "AWS::Lambda::Version"]);

export class Referring {
  readonly #byId: ReadonlyMap<string, TemplateResource>;

  constructor(private readonly system: System) {
    this.#byId = new Map(system.template.resources.map((each) => [each.logicalId, each]));
  }

  /** null: there is none in the template. */
  resource(logicalId: string): TemplateResource | null {
    return this.#byId.get(logicalId) ?? null;
  }

  ofType(type: string): TemplateResource[] {
    return this.system.template.resources.filter((each) => each.type === type);
  }

  /** The resource of one of the types that a value names; an alias or a version leads to its function. Null: none of the template. */
  named(value: TemplateValue | undefined, ...types: string[]): TemplateResource | null {
    if (value === undefined) return null;
    const referenced = this.referenced(value).flatMap((each) => this.#behind(each));
    const found = [...new Set(referenced)].filter(({ type }) => types.includes(type));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) return null;
    const text = textWith(value);
    return text === null ? null : this.#byName(text, types);
  }

  /** The resources that a value refers to, whatever they are. */
  referenced(value: TemplateValue): TemplateResource[] {
    const names = new Set([...referencesIn(value, [])].map(({ name }) => name));
    return [...names].flatMap((name) => this.#byId.get(name) ?? []);
  }

  /** The EventInvokeConfig of a function; null: it has none. */
  invokeConfigOf(functionId: string | null): TemplateResource | null {
    const names = ({ properties }: TemplateResource) => this.named(properties.FunctionName, "AWS::Lambda::Function");
    return this.ofType("AWS::Lambda::EventInvokeConfig").find((each) => names(each)?.logicalId === functionId) ?? null;
  }

  /** The name that a resource is given; null: none, so that CloudFormation makes one. */
  givenName(resource: TemplateResource): string | null {
    const name = resource.properties[nameProperties[resource.type] ?? ""];
    return name === undefined ? null : textWith(name);
  }

  #behind(resource: TemplateResource): TemplateResource[] {
    if (!qualifiers.has(resource.type)) return [resource];
    const fn = this.named((resource.properties as TemplateMap).FunctionName, "AWS::Lambda::Function");
    return fn === null ? [] : [fn];
  }

  /** `arn:…:function:NAME`, `arn:…:function:NAME:ALIAS`, `ACCOUNT:function:NAME`, `https://sqs.…/ACCOUNT/NAME` or `NAME`. */
  #byName(text: string, types: readonly string[]): TemplateResource | null {
    const candidates = this.system.template.resources.filter(({ type }) => types.includes(type));
    const found = candidates.filter((each) => {
      const name = this.givenName(each);
      if (name === null) return false;
      if (text === name || text.endsWith(`:${name}`) || text.endsWith(`/${name}`)) return true;
      return (
        each.type === "AWS::Lambda::Function" && (text.includes(`:function:${name}:`) || text.startsWith(`${name}:`))
      );
    });
    return found.length === 1 ? found[0]! : null;
  }
}
