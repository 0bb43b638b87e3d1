/** The values of a template as far as they are known before anything is made; all others stay as they are written. */
import { callOf, hasCall } from "../../template/calls.ts";
import { comparable } from "../../template/intrinsics.ts";
import { asSubstitution, placeholder, textWith } from "../../template/substitution.ts";
import type { TemplateMap, TemplateValue } from "../../template/template.ts";

/** `undefined`: as if it were not there, as `AWS::NoValue` has it. */
type Evaluated = TemplateValue | undefined;

/** The names that values depend on. */
export interface Known {
  /** by name; pseudo parameters, too, where they are given */
  parameters: ReadonlyMap<string, string | string[]>;
  /** by name: conditions depend on them, and no value shows them */
  secrets?: ReadonlyMap<string, string | string[]>;
  mappings: TemplateMap;
  conditions: TemplateMap;
}

/** Applies functions as far as their arguments are known. It never throws: what it cannot apply stays as it was written. */
export class Evaluation {
  /** By their names; null: not known. */
  readonly #conditions = new Map<string, boolean | null>();

  /** Knows the secrets as well; null: there are none. */
  readonly #deciding: Evaluation | null;

  constructor(private readonly known: Known) {
    const { parameters, secrets = new Map(), ...others } = known;
    this.#deciding =
      secrets.size === 0 ? null : new Evaluation({ parameters: new Map([...parameters, ...secrets]), ...others });
  }

  /** null: not known. */
  holds(name: string): boolean | null {
    if (this.#deciding !== null) return this.#deciding.holds(name);
    const found = this.#conditions.get(name);
    if (found !== undefined) return found;
    // While it is being found out it is not known, so that conditions in a circle end.
    this.#conditions.set(name, null);
    const isTrue = this.#condition(memberOf(this.known.conditions, name) ?? "");
    this.#conditions.set(name, isTrue);
    return isTrue;
  }

  value(value: TemplateValue): Evaluated {
    if (typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each) => this.value(each)).filter((each) => each !== undefined);
    const call = callOf(value);
    if (call !== undefined) return this.#call(call.name, call.argument, value);
    const entries = Object.entries(value).map(([key, each]) => [key, this.value(each)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, TemplateValue] => entry[1] !== undefined));
  }

  #call(name: string, argument: TemplateValue, written: TemplateMap): Evaluated {
    switch (name) {
      case "Ref":
        return argument === "AWS::NoValue" ? undefined : (this.known.parameters.get(String(argument)) ?? written);
      case "Fn::GetAtt":
        return written;
      case "Fn::Sub":
        return this.#substituted(argument);
      case "Fn::If":
        return this.#branch(argument, written);
      case "Fn::Join":
        return this.#joined(argument) ?? this.#withArgument(name, argument);
      case "Fn::Select":
        return this.#selected(argument) ?? this.#withArgument(name, argument);
      case "Fn::Split":
        return this.#split(argument) ?? this.#withArgument(name, argument);
      case "Fn::FindInMap":
        return this.#found(argument) ?? this.#withArgument(name, argument);
      case "Fn::Length": {
        const list = this.value(argument);
        return Array.isArray(list) ? list.length : this.#withArgument(name, argument);
      }
      case "Fn::ToJsonString": {
        const data = this.value(argument);
        return data === undefined || hasCall(data) ? this.#withArgument(name, argument) : JSON.stringify(data);
      }
      default:
        return this.#withArgument(name, argument);
    }
  }

  #withArgument(name: string, argument: TemplateValue): TemplateValue {
    return { [name]: this.value(argument) ?? "" };
  }

  #branch(argument: TemplateValue, written: TemplateMap): Evaluated {
    if (!Array.isArray(argument)) return written;
    const [condition, yes, no] = argument;
    const isTrue = this.holds(String(condition));
    if (isTrue !== null) return this.value((isTrue ? yes : no) ?? "");
    const branch = (value: TemplateValue | undefined) => this.value(value ?? "") ?? { Ref: "AWS::NoValue" };
    return { "Fn::If": [condition ?? "", branch(yes), branch(no)] };
  }

  /** A text of which some is not known stays a `Fn::Sub`, and one that is nothing but a reference becomes that. */
  #substituted(argument: TemplateValue): TemplateValue {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = typeof variables === "object" && !Array.isArray(variables) ? variables : {};
    const left: TemplateMap = {};
    const substituted = String(text).replace(placeholder, (whole, escaped: string, name: string) => {
      if (escaped) return whole;
      const isOwn = Object.hasOwn(own, name);
      const value = isOwn ? this.value(own[name]!) : this.known.parameters.get(name);
      if (value === undefined) return whole;
      const written = textWith(value);
      if (written === null) left[name] = value;
      return written ?? whole;
    });
    if (Object.keys(left).length > 0) return { "Fn::Sub": [substituted, left] };
    return asSubstitution(substituted);
  }

  #joined(argument: TemplateValue): TemplateValue | undefined {
    if (!Array.isArray(argument)) return undefined;
    const items = this.value(argument[1] ?? "");
    if (!Array.isArray(items)) return undefined;
    const texts = items.map(textWith);
    return texts.includes(null) ? undefined : asSubstitution(texts.join(String(argument[0])));
  }

  #selected(argument: TemplateValue): Evaluated {
    if (!Array.isArray(argument)) return undefined;
    const [index, items] = argument.map((each) => this.value(each));
    return Array.isArray(items) && typeof index !== "object" ? items[Number(index)] : undefined;
  }

  #split(argument: TemplateValue): TemplateValue | undefined {
    if (!Array.isArray(argument)) return undefined;
    const text = this.value(argument[1] ?? "");
    return typeof text === "object" || text === undefined ? undefined : String(text).split(String(argument[0]));
  }

  #found(argument: TemplateValue): TemplateValue | undefined {
    if (!Array.isArray(argument)) return undefined;
    const [map, top, second, otherwise] = argument.map((each) => this.value(each));
    if ([map, top, second].some((each) => typeof each === "object" || each === undefined)) return undefined;
    let value: TemplateValue | undefined = this.known.mappings;
    for (const key of [map, top, second]) value = memberOf(value, String(key));
    return value ?? memberOf(otherwise, "DefaultValue");
  }

  /** null: not known. */
  #condition(condition: TemplateValue): boolean | null {
    const [[name, argument] = ["", ""]] = Object.entries(typeof condition === "object" ? condition : {});
    if (name === "Condition") return this.holds(String(argument));
    const parts = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case "Fn::Equals": {
        const [left, right] = parts.map((each) => this.value(each));
        if (left === undefined || right === undefined || hasCall(left) || hasCall(right)) return null;
        return comparable(left) === comparable(right);
      }
      case "Fn::And":
        return all(parts.map((each) => this.#condition(each)));
      case "Fn::Or":
        return negated(all(parts.map((each) => negated(this.#condition(each)))));
      case "Fn::Not":
        return negated(this.#condition(parts[0] ?? ""));
      default:
        return null;
    }
  }
}

function memberOf(value: TemplateValue | undefined, key: string): TemplateValue | undefined {
  return typeof value === "object" && !Array.isArray(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** null where it depends on what is not known. */
function all(results: readonly (boolean | null)[]): boolean | null {
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
}

function negated(isTrue: boolean | null): boolean | null {
  return isTrue === null ? null : !isTrue;
}
