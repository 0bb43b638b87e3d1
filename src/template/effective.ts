/** A template with its parameters applied: what is known of a stack before it is made. */
import { callOf } from "./calls.ts";
import { FunctionError, holds, noValue, type Resolved, resolve, type Scope } from "./intrinsics.ts";
import { referencedParameter } from "./parameter.ts";
import type { Template, TemplateOutput, TemplateResource, TemplateValue } from "./template.ts";

/** The resources and outputs that are made. A function whose value only the stack knows stands as the template has it. */
export type Effective = Pick<Template, "resources" | "outputs">;

/** Nobody knows the value before the stack is there. */
class Unknown extends Error {}

/** Thrown for every such value, because an error of its own for each would trace its way, which takes most of the time. */
const unknown = new Unknown();

type Values = Readonly<Record<string, string>>;

/** A run asks again and again for parts of the same template with the same values, neither of which ever changes. */
const applied = new WeakMap<Template, WeakMap<Values, Applying>>();

function applyingOf(template: Template, values: Values): Applying {
  let ofTemplate = applied.get(template);
  if (ofTemplate === undefined) {
    ofTemplate = new WeakMap();
    applied.set(template, ofTemplate);
  }
  let applying = ofTemplate.get(values);
  if (applying === undefined) {
    applying = new Applying(template, new Map(Object.entries(values)));
    ofTemplate.set(values, applying);
  }
  return applying;
}

/** `values` are those of the parameters; one that is not among them is not known yet, whatever its default. Never throws. */
export function effectiveTemplate(template: Template, values: Values): Effective {
  const applying = applyingOf(template, values);
  return {
    resources: template.resources.flatMap((resource) => applying.resource(resource) ?? []),
    outputs: template.outputs.flatMap((output) => applying.output(output) ?? []),
  };
}

/** The resources of one type. */
export function effectiveResources(template: Template, values: Values, type: string): TemplateResource[] {
  const applying = applyingOf(template, values);
  return template.resources.flatMap((resource) => (resource.type === type ? (applying.resource(resource) ?? []) : []));
}

/** One of the template's outputs, by its name; null: there is none, or it is not made. */
export function effectiveOutput(template: Template, values: Values, name: string): TemplateOutput | null {
  const output = template.outputs.find((each) => each.name === name);
  return output === undefined ? null : applyingOf(template, values).output(output);
}

class Applying {
  /** By their names; null: not known. */
  readonly #conditions = new Map<string, boolean | null>();
  /** By what the template declares. */
  readonly #resources = new Map<TemplateResource, TemplateResource>();
  readonly #scope: Scope;

  constructor(
    private readonly template: Template,
    values: ReadonlyMap<string, string>,
  ) {
    this.#scope = {
      mappings: template.mappings,
      ref(name) {
        if (name === "AWS::NoValue") return noValue;
        const value = referencedParameter(template.parameters, values, name);
        if (value === undefined) throw unknown;
        return value;
      },
      attribute() {
        throw unknown;
      },
      condition: (name) => {
        const isTrue = this.#holds(name);
        if (isTrue === null) throw unknown;
        return isTrue;
      },
    };
  }

  /** null: it is not made. */
  resource(declared: TemplateResource): TemplateResource | null {
    if (!this.#isMade(declared)) return null;
    let made = this.#resources.get(declared);
    if (made === undefined) {
      made = { ...declared, properties: this.#map(declared.properties) };
      this.#resources.set(declared, made);
    }
    return made;
  }

  /** null: it is not made. */
  output(declared: TemplateOutput): TemplateOutput | null {
    if (!this.#isMade(declared)) return null;
    const value = this.#apply(declared.value);
    return { ...declared, value: value === noValue ? declared.value : value };
  }

  #isMade({ condition }: { condition: string | null }): boolean {
    return condition === null || this.#holds(condition) !== false;
  }

  #holds(name: string): boolean | null {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    // While it is being found out, it is not known: conditions may go in a circle, which is another check's to refuse.
    this.#conditions.set(name, null);
    const isTrue = knownOr(null, () => holds(conditionOf(this.template, name), this.#scope));
    this.#conditions.set(name, isTrue);
    return isTrue;
  }

  #apply(value: TemplateValue): Resolved {
    if (typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each) => this.#apply(each)).filter((each) => each !== noValue);
    const call = callOf(value);
    if (call === undefined) return this.#map(value);
    if (call.name === "Fn::If" && Array.isArray(call.argument) && typeof call.argument[0] === "string") {
      const isTrue = this.#holds(call.argument[0]);
      return isTrue === null ? value : this.#apply(call.argument[isTrue ? 1 : 2] ?? "");
    }
    return knownOr<Resolved>(value, () => resolve(value, this.#scope));
  }

  #map(map: TemplateResource["properties"]): TemplateResource["properties"] {
    const entries = Object.entries(map).map(([key, each]) => [key, this.#apply(each)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, TemplateValue] => entry[1] !== noValue));
  }
}

/** @throws FunctionError where there is no condition of the name */
function conditionOf({ conditions }: Template, name: string): TemplateValue {
  if (Object.hasOwn(conditions, name)) return conditions[name]!;
  throw new FunctionError(`Template error: unresolved condition dependency ${name}`);
}

/** The result of `find`, or `otherwise` where it is not known. A function that has no value at all is another check's to refuse. */
function knownOr<T>(otherwise: T, find: () => T): T {
  try {
    return find();
  } catch (failure) {
    if (failure instanceof Unknown || failure instanceof FunctionError) return otherwise;
    throw failure;
  }
}
