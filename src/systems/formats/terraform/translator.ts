/** Carries the instances of a plan over to CloudFormation's resources, by the rules of their types. */
import {
  type Places,
  placeOf,
  type TemplateMap,
  type TemplatePath,
  type TemplateValue,
} from "../../../template/template.ts";
import type { FilledIn, Unread } from "../../system.ts";
import { Attribute } from "./attributes.ts";
import type { Instance, Instances } from "./instances.ts";
import { KnownValues } from "./known-values.ts";
import { referredBy, scopeOf } from "./references.ts";
import { translationOf } from "./resource-types.ts";
import { below, type Property, stateCure, type Translating } from "./translation.ts";

/** A system's parts, by logical ID. */
export interface Translated {
  resources: TemplateMap;
  /** by the path from the root, as JSON */
  places: Places;
  names: ReadonlyMap<string, string>;
  filledIn: FilledIn[];
  unread: Unread[];
}

const providerDocumentation = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources";

/** @param places those of the plan */
export function translated(instances: Instances, places: Places): Translated {
  return new Translator(instances, places).translated();
}

class Translator implements Translating {
  readonly #logicalIds = new Map<Instance, string>();
  readonly #resources: TemplateMap = {};
  readonly #places = new Map<string, ReturnType<typeof placeOf>>();
  readonly #filledIn: FilledIn[] = [];
  readonly #unread: Unread[] = [];
  readonly #known: KnownValues;

  constructor(
    private readonly all: Instances,
    private readonly places: Places,
  ) {
    this.#known = new KnownValues(all.managed);
    for (const each of all.managed) this.#logicalIds.set(each, this.#newLogicalId(each));
  }

  translated(): Translated {
    const ownerOf = new Map(
      this.all.managed.map((each) => [each, translationOf(each.type).onto?.(Attribute.ofInstance(each), this) ?? null]),
    );
    for (const each of this.all.managed) {
      const { type, isNothingAlone = false } = translationOf(each.type);
      if (ownerOf.get(each) !== null || isNothingAlone) continue;
      const path = ["Resources", this.logicalIdOf(each)];
      this.#resources[this.logicalIdOf(each)] = { Type: type, Properties: {} };
      this.#see(path, each.path);
      this.#see([...path, "Type"], each.path);
      this.#see([...path, "Properties"], each.path);
    }
    for (const each of this.all.managed) {
      const logicalId = this.logicalIdOf(ownerOf.get(each) ?? each);
      if (this.#resources[logicalId] === undefined) continue;
      const from = Attribute.ofInstance(each);
      for (const rule of translationOf(each.type).rules) rule(from, { logicalId, path: [] }, this);
    }
    const names = [...this.#logicalIds].flatMap(([{ address }, logicalId]): [string, string][] =>
      this.#resources[logicalId] === undefined ? [] : [[logicalId, address]],
    );
    return {
      resources: this.#resources,
      places: this.#places,
      names: new Map(names),
      filledIn: this.#filledIn,
      unread: this.#unread,
    };
  }

  set(to: Property, value: TemplateValue, from: Attribute): void {
    const path = pathOf(to);
    const holder = path.slice(0, -1).reduce<TemplateMap>(
      (at, key) => {
        at[key] ??= {};
        return at[key] as TemplateMap;
      },
      { Resources: this.#resources },
    );
    holder[path.at(-1)!] = value;
    this.#see(path, from.path);
    if (!from.isFilledIn) return;
    const page = from.instance.type.replace(/^aws_/, "");
    this.#filledIn.push({ path, by: "Terraform", source: `${providerDocumentation}/${page}` });
  }

  append(to: Property, from: Attribute): Property {
    const path = pathOf(to);
    const at = path.reduce<TemplateValue | undefined>((value, key) => (value as TemplateMap | undefined)?.[key], {
      Resources: this.#resources,
    });
    const items = Array.isArray(at) ? at : [];
    if (!Array.isArray(at)) this.set(to, items, from);
    items.push({});
    const item = below(to, items.length - 1);
    this.#see(pathOf(item), from.path);
    return item;
  }

  unread(to: Property, from: Attribute, problem: string, cure: string): void {
    const place = placeOf({ places: this.places }, from.path);
    this.#unread.push({ place, path: pathOf(to), message: `${from.address} ${problem}; ${cure}` });
  }

  reference(from: Attribute, to: Property, types: readonly string[]): TemplateValue | undefined {
    if (from.text !== undefined) return this.referenceTo(from.text, types);
    if (!from.isAwaited) return undefined;
    const referred = referredBy(from.expression, scopeOf(from.instance), this.all);
    const found = this.#chosen(from, types);
    if (found !== null) {
      const attribute = referred.targets.find(({ instance }) => instance === found)?.attribute;
      return this.referenceOf(found, attribute ?? "arn");
    }
    const texts = [...new Set(referred.values.filter((each) => typeof each === "string" && each !== ""))];
    if (referred.targets.length === 0 && referred.lost.length === 0 && texts.length === 1) {
      return this.referenceTo(texts[0]!, types);
    }
    const addresses = [...new Set(referred.targets.map(({ instance }) => instance.address))];
    const leads = [...addresses, ...referred.lost];
    const where =
      from.expression === undefined
        ? "stands in a dynamic block, of which a plan does not say what it refers to"
        : leads.length === 0
          ? "its expression names nothing in the plan"
          : `it comes from ${leads.join(", ")}`;
    this.unread(to, from, `is known only after it is applied, and ${where}`, stateCure);
    return undefined;
  }

  referenceTo(value: TemplateValue, types: readonly string[]): TemplateValue {
    if (typeof value !== "string") return value;
    const found = this.#known.find(value, types);
    if (found === null) return value;
    const isArn = value.startsWith("arn:");
    return this.referenceOf(found, isArn ? "arn" : /^https?:/.test(value) ? "url" : nameAttribute(found));
  }

  referenceOf(instance: Instance, attribute: string): TemplateValue {
    const logicalId = this.logicalIdOf(instance);
    const { references = {} } = translationOf(instance.type);
    const known = Object.hasOwn(references, attribute) ? references[attribute] : undefined;
    const name = known === undefined && attribute.endsWith("arn") ? "Arn" : (known ?? null);
    return name === null ? { Ref: logicalId } : { "Fn::GetAtt": [logicalId, name] };
  }

  instanceFor(from: Attribute, types: readonly string[]): Instance | null {
    if (from.text !== undefined) return this.#known.find(from.text, types);
    return this.#chosen(from, types);
  }

  givenValues(from: Attribute): TemplateValue[] {
    return referredBy(from.expression, scopeOf(from.instance), this.all).values;
  }

  instances(type: string): Instance[] {
    return this.all.managed.filter((each) => each.type === type);
  }

  logicalIdOf(instance: Instance): string {
    return this.#logicalIds.get(instance)!;
  }

  /** The only resource of these types that the expression names, else the only one of any. */
  #chosen(from: Attribute, types: readonly string[]): Instance | null {
    const { targets } = referredBy(from.expression, scopeOf(from.instance), this.all);
    const others = targets
      .map(({ instance }) => instance)
      .filter((each) => each.type.startsWith("aws_") && each !== from.instance);
    const fitting = others.filter(({ type }) => types.includes(type));
    const distinct = new Set(fitting.length === 0 ? others : fitting);
    const [first] = distinct;
    return distinct.size === 1 ? first! : null;
  }

  #see(path: TemplatePath, from: TemplatePath): void {
    this.#places.set(JSON.stringify(path), placeOf({ places: this.places }, from));
  }

  /** `module.orders.aws_sqs_queue.this[0]` is OrdersThis0Queue. */
  #newLogicalId(instance: Instance): string {
    const modules: string[] = [];
    for (let at = instance.module; at.parent !== null; at = at.parent) modules.unshift(at.name, String(at.key ?? ""));
    const { kind } = translationOf(instance.type);
    const suffix = kind === "" ? pascal(instance.type.replace(/^aws_/, "")) : kind;
    const name = [...modules, instance.name, String(instance.key ?? "")].map(pascal).join("");
    const whole = name.toLowerCase().endsWith(suffix.toLowerCase()) ? name : `${name}${suffix}`;
    const taken = new Set(this.#logicalIds.values());
    for (let number = 1; ; number++) {
      const logicalId = number === 1 ? whole : `${whole}N${number}`;
      if (!taken.has(logicalId)) return logicalId;
    }
  }
}

function nameAttribute({ type }: Instance): string {
  return type === "aws_lambda_function" ? "function_name" : "name";
}

function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

function pathOf({ logicalId, path }: Property): (string | number)[] {
  return ["Resources", logicalId, "Properties", ...path];
}
