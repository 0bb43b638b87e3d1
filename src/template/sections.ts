/** Reads the sections of a CloudFormation template. */
import { collecting, Faults } from "./faults.ts";
import { nearest } from "./nearest.ts";
import { dataOf, parseSource } from "./nodes.ts";
import { checkParameter, type Parameter, typeFault } from "./parameter.ts";
import { PatternError, wholePattern } from "./pattern.ts";
import {
  type Places,
  sectionNames,
  type Template,
  type TemplateMap,
  type TemplateOutput,
  type TemplatePath,
  type TemplateResource,
  type TemplateValue,
} from "./template.ts";

/**
 * Reads a template from its text, YAML or JSON. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 * @throws TemplateError and nothing else.
 */
export function readTemplate(text: string): Template {
  const faults = new Faults();
  const { root, places } = dataOf(parseSource(text, null, { faults }), null, faults);
  const template = readSections(root, places, faults);
  faults.throwIfAny();
  return template;
}

/**
 * The sections as far as they can be read. A member that is wrong stands in as an empty one, so that references to it are none that lead
 * nowhere. @throws TemplateError for faults that nobody collects
 */
export function readSections(root: TemplateValue, places: Places, faults?: Faults): Template {
  return collecting(faults, (collected) => new SectionReader(places, collected).template(root));
}

const parameterKeys = new Set([
  "AllowedPattern",
  "AllowedValues",
  "ConstraintDescription",
  "Default",
  "Description",
  "MaxLength",
  "MaxValue",
  "MinLength",
  "MinValue",
  "NoEcho",
  "Type",
]);

class SectionReader {
  constructor(
    private readonly places: Places,
    private readonly faults: Faults,
  ) {}

  template(root: TemplateValue): Template {
    const top = this.#map(root, []);
    for (const key of Object.keys(top).filter((each) => !sectionNames.includes(each))) {
      const meant = nearest(key, sectionNames);
      const cure = meant === null ? "" : `; did you mean ${meant}?`;
      this.#refuse(`Template format error: Invalid template property or properties [${key}]${cure}`, [key]);
    }
    const version = this.#text(top, [], "AWSTemplateFormatVersion");
    if (version !== undefined && version !== "2010-09-09") {
      this.#refuse("Template format error: unsupported value for AWSTemplateFormatVersion.", [
        "AWSTemplateFormatVersion",
      ]);
    }
    const section = (name: string) => this.#section(top, [], name);
    const resources = this.#members(section("Resources"), "Resources", "Resource name");
    if (resources.length === 0) {
      this.#refuse("Template format error: At least one Resources member must be defined.", ["Resources"]);
    }
    return {
      description: this.#text(top, [], "Description") ?? null,
      parameters: this.#members(section("Parameters"), "Parameters", "Parameter name").map((each) =>
        this.#parameter(...each),
      ),
      mappings: section("Mappings"),
      conditions: section("Conditions"),
      resources: resources.map((each) => this.#resource(...each)),
      outputs: this.#members(section("Outputs"), "Outputs", "Output").map((each) => this.#output(...each)),
      metadata: section("Metadata"),
      transforms: Object.hasOwn(top, "Transform") ? this.#texts(top.Transform!, ["Transform"], "or one name") : [],
      sections: Object.keys(top).filter((each) => sectionNames.includes(each)),
      places: this.places,
    };
  }

  #parameter(name: string, declaration: TemplateMap, path: TemplatePath): Parameter {
    for (const key of Object.keys(declaration).filter((each) => !parameterKeys.has(each))) {
      const meant = nearest(key, [...parameterKeys]);
      const cure = meant === null ? "" : `; did you mean ${meant}?`;
      this.#refuse(`Invalid template parameter property '${key}' of parameter ${name}${cure}`, [...path, key]);
    }
    const text = (key: string) => this.#text(declaration, path, key);
    const number = (key: string) => this.#number(declaration, path, key);
    const type = text("Type");
    if (type === undefined) {
      const message = `Template format error: Every Parameters object must contain a Type member: write one for ${name}`;
      this.#refuse(message, [...path, "Type"]);
    }
    const fault = type === undefined ? null : typeFault(type);
    if (fault !== null) {
      this.#refuse(`Template format error: Unrecognized parameter type: ${type} of ${name}; ${fault}`, [
        ...path,
        "Type",
      ]);
    }
    const allowedValues = Object.hasOwn(declaration, "AllowedValues")
      ? this.#texts(declaration.AllowedValues!, [...path, "AllowedValues"])
      : undefined;
    const parameter: Parameter = {
      name,
      type: type ?? "String",
      default: text("Default"),
      description: text("Description"),
      minValue: number("MinValue"),
      maxValue: number("MaxValue"),
      minLength: number("MinLength"),
      maxLength: number("MaxLength"),
      allowedValues,
      allowedPattern: this.#pattern(name, text("AllowedPattern"), [...path, "AllowedPattern"]),
      constraintDescription: text("ConstraintDescription"),
      noEcho: text("NoEcho")?.toLowerCase() === "true" || undefined,
    };
    const broken =
      parameter.default === undefined || fault !== null ? null : checkParameter(parameter, parameter.default);
    if (broken !== null) {
      this.#refuse(`the default of parameter ${name} breaks its own rule: ${broken}`, [...path, "Default"]);
    }
    return parameter;
  }

  #pattern(name: string, pattern: string | undefined, path: TemplatePath): string | undefined {
    try {
      if (pattern !== undefined) wholePattern(pattern);
      return pattern;
    } catch (failure) {
      if (!(failure instanceof PatternError)) throw failure;
      this.#refuse(`the AllowedPattern of parameter ${name} ${failure.message}`, path);
      return undefined;
    }
  }

  #resource(logicalId: string, declaration: TemplateMap, path: TemplatePath): TemplateResource {
    const type = this.#text(declaration, path, "Type");
    if (!type) {
      this.#refuse(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
        path,
      );
    }
    const { DependsOn } = declaration;
    return {
      logicalId,
      type: type ?? "",
      properties: this.#section(declaration, path, "Properties"),
      condition: this.#text(declaration, path, "Condition") ?? null,
      dependsOn: DependsOn === undefined ? [] : this.#texts(DependsOn, [...path, "DependsOn"], "or one name"),
      declaration,
    };
  }

  #output(name: string, declaration: TemplateMap, path: TemplatePath): TemplateOutput {
    const { Value } = declaration;
    if (Value === undefined) {
      this.#refuse(`Template format error: Output ${name} is malformed. It must have a Value.`, path);
    }
    return {
      name,
      value: Value ?? "",
      description: this.#text(declaration, path, "Description") ?? null,
      condition: this.#text(declaration, path, "Condition") ?? null,
      declaration,
    };
  }

  #members(section: TemplateMap, name: string, noun: string): [string, TemplateMap, TemplatePath][] {
    return Object.entries(section).flatMap(([key, value]): [string, TemplateMap, TemplatePath][] => {
      const path = [name, key];
      if (key.startsWith("Fn::")) {
        const message = `the function ${key} in ${name} is not read; take the template as CloudFormation has processed it, by \`aws cloudformation get-template --template-stage Processed\``;
        this.#refuse(message, path);
        return [];
      }
      if (!/^[A-Za-z0-9]+$/.test(key)) {
        this.#refuse(`Template format error: ${noun} ${key} is non alphanumeric.`, path);
        return [[key, {}, path]];
      }
      return [[key, this.#map(value, path), path]];
    });
  }

  #section(parent: TemplateMap, path: TemplatePath, key: string): TemplateMap {
    return Object.hasOwn(parent, key) ? this.#map(parent[key]!, [...path, key]) : {};
  }

  #map(value: TemplateValue, path: TemplatePath): TemplateMap {
    if (typeof value === "object" && !Array.isArray(value)) return value;
    const noun = path.length === 0 ? "the template" : path.join("/");
    this.#refuse(`Template format error: ${noun} must be an object`, path);
    return {};
  }

  #text(parent: TemplateMap, path: TemplatePath, key: string): string | undefined {
    if (!Object.hasOwn(parent, key)) return undefined;
    const value = parent[key]!;
    if (typeof value !== "object") return String(value);
    this.#refuse(`${[...path, key].join("/")} must be a string`, [...path, key]);
    return undefined;
  }

  #number(parent: TemplateMap, path: TemplatePath, key: string): number | undefined {
    const text = this.#text(parent, path, key);
    if (text === undefined) return undefined;
    if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
    this.#refuse(`${[...path, key].join("/")} must be a number`, [...path, key]);
    return undefined;
  }

  #texts(value: TemplateValue, path: TemplatePath, orOne?: string): string[] {
    if (orOne && typeof value === "string") return [value];
    if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.map(String);
    this.#refuse(`${path.join("/")} must be a list of strings${orOne ? ` ${orOne}` : ""}`, path);
    return [];
  }

  #refuse(message: string, path: TemplatePath): void {
    this.faults.addAt(this.places, path, message);
  }
}
