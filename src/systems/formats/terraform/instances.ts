/** The instances of resources that a plan or a state of Terraform has, each in its module. https://developer.hashicorp.com/terraform/internals/json-format */
import { isMap, type TemplateMap, type TemplatePath, type TemplateValue } from "../../../template/template.ts";
import { type InstanceKey, type Step, stepsOf } from "./addresses.ts";

/** One instance of a module; the root has no parent. */
export interface Module {
  parent: Module | null;
  name: string;
  key: InstanceKey["key"] | null;
  /** what is written in its files; null: a state does not know */
  configuration: TemplateMap | null;
  /** the call in its parent's files */
  call: TemplateMap | null;
  children: Module[];
  instances: Instance[];
}

export interface Instance {
  module: Module;
  address: string;
  mode: "managed" | "data";
  type: string;
  name: string;
  key: InstanceKey["key"] | null;
  values: TemplateMap;
  /** to `values` in the file */
  path: TemplatePath;
  /** true at each value that is known only after it is applied, in the shape of `values` */
  unknown: TemplateValue | undefined;
  /** its block in the module's files */
  configuration: TemplateMap | null;
}

export interface Instances {
  root: Module;
  /** of resources that are there after the apply, in the order of the file */
  managed: Instance[];
  /** values of the root's variables */
  variables: TemplateMap;
}

/** The instances of a plan (`planned_values`), of a state (`values`), or of a state as Terraform stores it (version 4). */
export function instancesOf(document: TemplateMap): Instances {
  return new Reading(document).instances();
}

class Reading {
  readonly #root: Module;
  readonly #managed: Instance[] = [];
  readonly #unknown: ReadonlyMap<string, TemplateValue>;

  constructor(private readonly document: TemplateMap) {
    const configuration = mapAt(mapAt(document, "configuration"), "root_module");
    this.#root = { parent: null, name: "", key: null, configuration, call: null, children: [], instances: [] };
    this.#unknown = new Map(
      mapsAt(document, "resource_changes").flatMap((each): [string, TemplateValue][] => {
        const unknown = mapAt(each, "change")?.after_unknown;
        return unknown === undefined ? [] : [[String(each.address), unknown]];
      }),
    );
  }

  instances(): Instances {
    for (const section of ["planned_values", "values"]) {
      this.#readModule(mapAt(mapAt(this.document, section), "root_module"), [section, "root_module"], "all");
    }
    // The state before has the findings of data sources, whatever becomes of it.
    const before = ["prior_state", "values", "root_module"];
    this.#readModule(mapAt(mapAt(mapAt(this.document, "prior_state"), "values"), "root_module"), before, "data");
    this.#readStored();
    const variables = Object.entries(mapAt(this.document, "variables") ?? {}).flatMap(([name, each]) =>
      isMap(each) && each.value !== undefined ? [[name, each.value] as const] : [],
    );
    return { root: this.#root, managed: this.#managed, variables: Object.fromEntries(variables) };
  }

  #readModule(module: TemplateMap | null, path: TemplatePath, modes: "all" | "data"): void {
    if (module === null) return;
    const at = this.#moduleAt(stepsOf(String(module.address ?? "")));
    for (const [position, each] of listAt(module, "resources").entries()) {
      if (!isMap(each) || (modes === "data" && each.mode !== "data")) continue;
      const address = String(each.address);
      this.#add(at, each, {
        address,
        key: keyOf(each.index),
        values: mapAt(each, "values") ?? {},
        path: [...path, "resources", position, "values"],
        unknown: this.#unknown.get(address),
      });
    }
    for (const [position, each] of listAt(module, "child_modules").entries()) {
      if (isMap(each)) this.#readModule(each, [...path, "child_modules", position], modes);
    }
  }

  #readStored(): void {
    if (this.document.version !== 4) return;
    for (const [position, each] of listAt(this.document, "resources").entries()) {
      if (!isMap(each)) continue;
      const module = typeof each.module === "string" ? each.module : "";
      for (const [number, instance] of listAt(each, "instances").entries()) {
        if (!isMap(instance)) continue;
        const key = keyOf(instance.index_key);
        const prefix = [...(module === "" ? [] : [module]), ...(each.mode === "data" ? ["data"] : [])];
        this.#add(this.#moduleAt(stepsOf(module)), each, {
          address: `${[...prefix, each.type, each.name].join(".")}${key === null ? "" : `[${JSON.stringify(key)}]`}`,
          key,
          values: mapAt(instance, "attributes") ?? {},
          path: ["resources", position, "instances", number, "attributes"],
          unknown: undefined,
        });
      }
    }
  }

  #add(
    module: Module,
    { mode, type, name }: TemplateMap,
    instance: Pick<Instance, "address" | "key" | "values" | "path" | "unknown">,
  ): void {
    const block = `${mode === "data" ? "data." : ""}${type}.${name}`;
    const added: Instance = {
      ...instance,
      module,
      mode: mode === "data" ? "data" : "managed",
      type: String(type),
      name: String(name),
      configuration: mapsAt(module.configuration, "resources").find(({ address }) => address === block) ?? null,
    };
    module.instances.push(added);
    if (added.mode === "managed") this.#managed.push(added);
  }

  #moduleAt(steps: readonly Step[]): Module {
    let at = this.#root;
    for (let position = 0; position + 1 < steps.length; ) {
      const name = String(steps[position + 1]);
      const step = steps[position + 2];
      const key = typeof step === "object" ? step.key : null;
      position += key === null ? 2 : 3;
      const parent: Module = at;
      const found = parent.children.find((each) => each.name === name && each.key === key);
      if (found === undefined) {
        const call = mapAt(mapAt(parent.configuration, "module_calls"), name);
        const configuration = mapAt(call, "module");
        at = { parent, name, key, configuration, call, children: [], instances: [] };
        parent.children.push(at);
      } else at = found;
    }
    return at;
  }
}

export function mapAt(map: TemplateMap | null, key: string): TemplateMap | null {
  const value = map?.[key];
  return isMap(value) ? value : null;
}

function listAt(map: TemplateMap | null, key: string): TemplateValue[] {
  const value = map?.[key];
  return Array.isArray(value) ? value : [];
}

function mapsAt(map: TemplateMap | null, key: string): TemplateMap[] {
  return listAt(map, key).filter(isMap);
}

function keyOf(value: TemplateValue | undefined): InstanceKey["key"] | null {
  return typeof value === "string" || typeof value === "number" ? value : null;
}
