/** The resources behind the exports that a template imports from the stacks beside it, each with the place in its own file. */
import { callOf } from "../../template/calls.ts";
import { textWith } from "../../template/substitution.ts";
import { TemplateError, type TemplateMap, type TemplateResource, type TemplateValue } from "../../template/template.ts";
import type { System } from "../system.ts";

/** Another stack of the same app. */
export interface Exporting {
  system: System;
  /** values by the names under which they are exported */
  exports: ReadonlyMap<string, TemplateValue>;
}

/** The exports whose names are known. */
export function exportsIn(outputs: TemplateMap): Map<string, TemplateValue> {
  const found = new Map<string, TemplateValue>();
  for (const output of Object.values(outputs)) {
    if (typeof output !== "object" || Array.isArray(output)) continue;
    const { Export, Value } = output;
    if (typeof Export !== "object" || Array.isArray(Export) || Export.Name === undefined) continue;
    const name = textWith(Export.Name);
    if (name !== null && Value !== undefined) found.set(name, Value);
  }
  return found;
}

/** The system with every resource that it imports, and those that these refer to. What no stack exports stays as it is written. */
export function withImports(system: System, others: readonly Exporting[]): System {
  return others.length === 0 ? system : new Importing(system, others).system();
}

/** Null where a file beside it is none that can be read. */
export function readableOrNull<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

class Importing {
  readonly #added: TemplateResource[] = [];
  readonly #places;
  readonly #names;
  readonly #taken;
  /** the logical IDs here of what was imported, by its stack */
  readonly #ids = new Map<Exporting, Map<string, string>>();

  constructor(
    private readonly own: System,
    private readonly others: readonly Exporting[],
  ) {
    this.#places = new Map(own.template.places);
    this.#names = new Map(own.names);
    this.#taken = new Set(own.template.resources.map(({ logicalId }) => logicalId));
  }

  system(): System {
    const { template } = this.own;
    const resources = template.resources.map((each) => ({
      ...each,
      properties: this.#value(each.properties, null) as TemplateMap,
    }));
    if (this.#added.length === 0) return this.own;
    return {
      ...this.own,
      names: this.#names,
      template: { ...template, resources: [...resources, ...this.#added], places: this.#places },
    };
  }

  /** `stack`: where the value stands; null: in the template itself. */
  #value(value: TemplateValue, stack: Exporting | null): TemplateValue {
    if (typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each) => this.#value(each, stack));
    const { name, argument } = callOf(value) ?? {};
    if (name === "Fn::ImportValue") return this.#imported(argument!) ?? value;
    if (stack !== null && name === "Ref") return { Ref: this.#idOf(stack, String(argument)) };
    if (stack !== null && name === "Fn::GetAtt" && Array.isArray(argument)) {
      return { "Fn::GetAtt": [this.#idOf(stack, String(argument[0])), ...argument.slice(1)] };
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#value(each, stack)]));
  }

  #imported(argument: TemplateValue): TemplateValue | null {
    const name = textWith(argument);
    const stack = this.others.find(({ exports }) => name !== null && exports.has(name));
    return stack === undefined ? null : this.#value(stack.exports.get(name!)!, stack);
  }

  /** Brings the resource with it, under a logical ID that is free here. */
  #idOf(stack: Exporting, logicalId: string): string {
    const ids = this.#ids.get(stack) ?? new Map<string, string>();
    this.#ids.set(stack, ids);
    const known = ids.get(logicalId);
    const { template, names } = stack.system;
    const resource = template.resources.find((each) => each.logicalId === logicalId);
    if (known !== undefined || resource === undefined) return known ?? logicalId;
    let free = logicalId;
    for (let number = 2; this.#taken.has(free); number++) free = `${logicalId}${number}`;
    this.#taken.add(free);
    ids.set(logicalId, free);
    const called = names.get(logicalId);
    if (called !== undefined) this.#names.set(free, called);
    for (const [at, place] of template.places) {
      const [section, id, ...rest] = JSON.parse(at) as (string | number)[];
      if (section === "Resources" && id === logicalId) {
        this.#places.set(JSON.stringify([section, free, ...rest]), place);
      }
    }
    const properties = this.#value(resource.properties, stack) as TemplateMap;
    this.#added.push({ ...resource, logicalId: free, properties });
    return free;
  }
}
