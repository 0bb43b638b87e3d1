/** The account of a lifting while it is made: each value that the scenario gets, with where it is from. */
import { basename } from "node:path";
import type { AwsDefault } from "../../targets/service-rules.ts";
import { type Call, callOf, hasCall } from "../../template/calls.ts";
import { callsIn, referencesIn } from "../../template/intrinsics.ts";
import {
  type Place,
  placeOf,
  TemplateError,
  type TemplateMap,
  type TemplatePath,
  type TemplateValue,
} from "../../template/template.ts";
import { jsonIn } from "../json-text.ts";
import type { Assumed, Defaulted, Taken, UnreadSetting } from "../lifted.ts";
import type { System } from "../system.ts";
import { Draft, placeInWords } from "./draft.ts";

/** A map of properties from which settings are taken, such as those of a queue, or a rule's target. */
export interface Owner {
  /** as the user calls it */
  name: string;
  /** null: it is outside of the file */
  properties: TemplateMap | null;
  /** to the properties in the system's template */
  path: TemplatePath;
  /** of the resource; of what refers to it where it is outside */
  place: Place;
}

export interface Wanted {
  setting: string;
  owner: Owner;
  keys: readonly string[];
  /** null: without it the scenario does not have the setting */
  otherwise: AwsDefault | null;
  /** to the properties of the scenario that get it, so that their faults name the user's line */
  at: readonly TemplatePath[];
  /** the scenario's value; undefined: it is none that the property takes */
  convert?: (value: TemplateValue) => string | undefined;
  /** what the property takes, for a value that it does not take */
  takes?: string;
  /** other keys of the scenario's parameter */
  others?: readonly string[];
}

export class Ledger {
  readonly draft = new Draft();
  readonly taken: Taken[] = [];
  readonly defaulted: Defaulted[] = [];
  readonly assumed: Assumed[] = [];
  readonly unread: UnreadSetting[] = [];
  /** The user's places by the scenario's paths, as JSON. */
  readonly places = new Map<string, Place>();
  /** Paths in the system's template that were looked at, as JSON. */
  readonly seen = new Set<string>();

  constructor(private readonly system: System) {}

  /** Takes a setting, or its default; null: there is neither. */
  setting(wanted: Wanted): string | null {
    const { setting, owner, keys, otherwise, others } = wanted;
    const found = this.value(owner, keys);
    const property = keys.join(".");
    const value = found === undefined ? undefined : this.#converted(wanted, found.value, found.place);
    const unread = this.unreadAt(owner, keys);
    if (unread !== null) this.unread.push({ setting, resource: owner.name, property, ...unread });
    if (found === undefined || value === undefined) {
      this.#point(wanted, found?.place ?? owner.place);
      if (otherwise === null) return null;
      const isOutside = owner.properties === null;
      const row = { setting, value: otherwise.value, resource: owner.name, property };
      this.defaulted.push({ ...row, by: "AWS", source: otherwise.source, isOutside });
      const reason = isOutside ? `${owner.name} is not in the file: AWS's default` : "AWS's default";
      this.draft.set(
        setting,
        otherwise.value,
        found === undefined && unread === null ? reason : `${reason}, ${this.unread.at(-1)!.message}`,
        others,
      );
      return otherwise.value;
    }
    this.#point(wanted, found.place);
    const filledIn = this.#filledIn([...owner.path, ...keys]);
    if (filledIn === null) {
      this.taken.push({ setting, value, resource: owner.name, property, place: found.place });
      this.draft.set(setting, value, `${property} of ${owner.name}: ${lineIn(found.place)}`, others);
    } else {
      const row = { setting, value, resource: owner.name, property };
      this.defaulted.push({ ...row, by: filledIn.by, source: filledIn.source, isOutside: false });
      this.draft.set(setting, value, `the default of ${filledIn.by}`, others);
    }
    return value;
  }

  /** Takes a property into a resource of the scenario, where it is written; the value as text, null: it is not. */
  property(
    owner: Owner,
    keys: readonly string[],
    at: readonly [logicalId: string, ...keys: string[]],
    convert: (value: TemplateValue) => string | undefined = wholeNumber,
  ): string | null {
    const found = this.value(owner, keys);
    if (found === undefined) return null;
    const [logicalId, ...below] = at;
    const path = ["Resources", logicalId, "Properties", ...below];
    const value = this.#converted({ setting: keys.at(-1)!, owner, keys, convert }, found.value, found.place);
    if (value === undefined) return null;
    this.places.set(JSON.stringify(path), found.place);
    const property = keys.join(".");
    this.taken.push({ setting: null, value, resource: owner.name, property, place: found.place });
    this.draft.add(at, value, `${property} of ${owner.name}: ${lineIn(found.place)}`);
    return value;
  }

  assume(setting: string, value: string, why: string, others: readonly string[] = []): void {
    this.assumed.push({ setting, value, why });
    this.draft.set(setting, value, `assumed: ${why}`, others);
  }

  /** The value at keys below an owner's properties, with its place; undefined: nobody wrote it. JSON text is looked into. */
  value(owner: Owner, keys: readonly string[]): { value: TemplateValue; place: Place } | undefined {
    let value: TemplateValue | undefined = owner.properties ?? undefined;
    this.seen.add(JSON.stringify([...owner.path, ...keys]));
    for (const key of keys) {
      if (typeof value === "string") value = jsonIn(value);
      if (typeof value !== "object" || Array.isArray(value)) return undefined;
      const call = callOf(value);
      const below = call === undefined ? value : dataIn(call);
      // A function whose value is not known stands where the map would be.
      if (below === null) break;
      value = Object.hasOwn(below, key) ? below[key] : undefined;
    }
    if (typeof value === "string" && value.includes("${")) value = { "Fn::Sub": value };
    if (value === undefined) return undefined;
    return { value, place: placeOf(this.system.template, [...owner.path, ...keys]) };
  }

  /** The format's word on a property that it could not read; null: it has none. */
  unreadAt(owner: Owner, keys: readonly string[]): { place: Place; message: string } | null {
    const text = JSON.stringify([...owner.path, ...keys]);
    const found = this.system.unread.find(({ path }) => JSON.stringify(path) === text);
    return found === undefined ? null : { place: found.place, message: found.message };
  }

  /** A sentence without a full stop where a value is not known before it is deployed: that it is not, and how to give it; null: it is known. */
  unknownUntilDeployed(owner: Owner, keys: readonly string[], value: TemplateValue, setting: string): string | null {
    if (!hasCall(value) && !/\{\{resolve:/.test(String(value))) return null;
    const names = this.#namesIn(value);
    const parameters = names.filter((name) =>
      this.system.template.parameters.some((each) => each.name === name && !each.noEcho),
    );
    const pseudo = names.filter((name) => name.startsWith("AWS::"));
    const given = [...parameters, ...pseudo].map((name) => `${name}=value`).join(" ");
    const cure = given === "" ? `give it with --set ${setting}=value` : `give it with --parameters ${given}`;
    return `${keys.join(".")} of ${owner.name} is not known before it is deployed; ${cure}`;
  }

  #converted(
    {
      setting,
      owner,
      keys,
      convert = wholeNumber,
      takes = "a whole number",
    }: Pick<Wanted, "setting" | "owner" | "keys" | "convert" | "takes">,
    value: TemplateValue,
    place: Place,
  ): string | undefined {
    const property = keys.join(".");
    const converted = convert(value);
    if (converted !== undefined) return converted;
    const message = this.unknownUntilDeployed(owner, keys, value, setting);
    if (message !== null) {
      this.unread.push({ setting, resource: owner.name, property, place, message });
      return undefined;
    }
    throw new TemplateError(`${property} of ${owner.name} has to be ${takes}, not ${JSON.stringify(value)}`, place);
  }

  /** The names that a value depends on, and those that decide between its branches. */
  #namesIn(value: TemplateValue): string[] {
    const { conditions } = this.system.template;
    const branches = [...callsIn(value, [])].filter(({ name }) => name === "Fn::If").map(({ argument }) => argument);
    const deciding = branches.flatMap((each) => (Array.isArray(each) ? [conditions[String(each[0])] ?? ""] : []));
    return [...new Set([value, ...deciding].flatMap((each) => [...referencesIn(each, [])].map(({ name }) => name)))];
  }

  #point({ setting, at }: Wanted, place: Place): void {
    for (const path of [["Parameters", setting], ["Parameters", setting, "Default"], ...at]) {
      this.places.set(JSON.stringify(path), place);
    }
  }

  #filledIn(path: TemplatePath) {
    const text = JSON.stringify(path);
    return this.system.filledIn.find((each) => JSON.stringify(each.path) === text) ?? null;
  }
}

/** `template.yaml, line 12`: a scenario is read elsewhere than where it was lifted. */
function lineIn({ file, line }: Place): string {
  return placeInWords({ file: file === null ? null : basename(file), line });
}

/** CloudFormation takes a number as text, too. */
export function wholeNumber(value: TemplateValue): string | undefined {
  return typeof value !== "object" && /^-?\d+(\.0+)?$/.test(String(value)) ? String(Number(value)) : undefined;
}

export function flag(value: TemplateValue): string | undefined {
  const text = String(value).toLowerCase();
  return text === "true" || text === "false" ? text : undefined;
}

/** The map that a function makes as JSON text; what is not known of it stays a placeholder. null: it makes none. */
function dataIn({ name, argument }: Call): TemplateMap | null {
  const [first, second] = Array.isArray(argument) ? argument : [argument];
  const data =
    name === "Fn::Sub" && typeof first === "string"
      ? jsonIn(first)
      : name === "Fn::Join" && Array.isArray(second)
        ? jsonIn(
            second.map((each) => (typeof each === "object" ? placeholderFor(each) : String(each))).join(String(first)),
          )
        : name === "Fn::ToJsonString"
          ? first
          : undefined;
  return typeof data === "object" && !Array.isArray(data) ? data : null;
}

/** A reference in the form of `Fn::Sub`, so that the text can be read back. */
function placeholderFor(value: TemplateMap | TemplateValue[]): string {
  const [reference] = referencesIn(value, []);
  return `\${${reference === undefined ? "Unknown" : [reference.name, reference.attribute].filter((each) => each !== null).join(".")}}`;
}
