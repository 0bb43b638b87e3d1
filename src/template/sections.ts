/** Reads the sections of a CloudFormation template. */
import { dataOf, parseSource } from "./nodes.ts";
import { checkParameter, type Parameter, typeFault } from "./parameter.ts";
import { PatternError, wholePattern } from "./pattern.ts";
import {
  type Places,
  placeOf,
  sectionNames,
  type Template,
  TemplateError,
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
  const { root, places } = dataOf(parseSource(text, null), null);
  return readSections(root, places);
}

/** @throws TemplateError */
export function readSections(root: TemplateValue, places: Places): Template {
  return new SectionReader(places).template(root);
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
  constructor(readonly places: Places) {}

  template(root: TemplateValue): Template {
    const top = this.map(root, []);
    const unknown = Object.keys(top).find((key) => !sectionNames.includes(key));
    if (unknown !== undefined) {
      this.refuse(`Template format error: Invalid template property or properties [${unknown}]`, [unknown]);
    }
    const version = this.text(top, [], "AWSTemplateFormatVersion");
    if (version !== undefined && version !== "2010-09-09") {
      this.refuse("Template format error: unsupported value for AWSTemplateFormatVersion.", [
        "AWSTemplateFormatVersion",
      ]);
    }
    const section = (name: string) => this.section(top, [], name);
    const resources = this.members(section("Resources"), "Resources", "Resource name");
    if (resources.length === 0) {
      this.refuse("Template format error: At least one Resources member must be defined.", ["Resources"]);
    }
    return {
      description: this.text(top, [], "Description") ?? null,
      parameters: this.members(section("Parameters"), "Parameters", "Parameter name").map((each) =>
        this.parameter(...each),
      ),
      mappings: section("Mappings"),
      conditions: section("Conditions"),
      resources: resources.map((each) => this.resource(...each)),
      outputs: this.members(section("Outputs"), "Outputs", "Output").map((each) => this.output(...each)),
      metadata: section("Metadata"),
      transforms: Object.hasOwn(top, "Transform") ? this.texts(top.Transform!, ["Transform"], "or one name") : [],
      sections: Object.keys(top),
      places: this.places,
    };
  }

  private parameter(name: string, declaration: TemplateMap, path: TemplatePath): Parameter {
    const unknown = Object.keys(declaration).find((key) => !parameterKeys.has(key));
    if (unknown !== undefined) {
      this.refuse(`Invalid template parameter property '${unknown}' of parameter ${name}`, [...path, unknown]);
    }
    const text = (key: string) => this.text(declaration, path, key);
    const number = (key: string) => this.number(declaration, path, key);
    const type = text("Type");
    if (type === undefined) {
      this.refuse(
        `Template format error: Every Parameters object must contain a Type member: write one for ${name}`,
        path,
      );
    }
    const fault = typeFault(type);
    if (fault !== null) {
      this.refuse(`Template format error: Unrecognized parameter type: ${type} of ${name}; ${fault}`, [
        ...path,
        "Type",
      ]);
    }
    const allowedValues = Object.hasOwn(declaration, "AllowedValues")
      ? this.texts(declaration.AllowedValues!, [...path, "AllowedValues"])
      : undefined;
    const parameter: Parameter = {
      name,
      type,
      default: text("Default"),
      description: text("Description"),
      minValue: number("MinValue"),
      maxValue: number("MaxValue"),
      minLength: number("MinLength"),
      maxLength: number("MaxLength"),
      allowedValues,
      allowedPattern: text("AllowedPattern"),
      constraintDescription: text("ConstraintDescription"),
      noEcho: text("NoEcho")?.toLowerCase() === "true" || undefined,
    };
    try {
      wholePattern(parameter.allowedPattern ?? "");
    } catch (failure) {
      if (!(failure instanceof PatternError)) throw failure;
      this.refuse(`the AllowedPattern of parameter ${name} ${failure.message}`, [...path, "AllowedPattern"]);
    }
    const broken = parameter.default === undefined ? null : checkParameter(parameter, parameter.default);
    if (broken !== null)
      this.refuse(`the default of parameter ${name} breaks its own rule: ${broken}`, [...path, "Default"]);
    return parameter;
  }

  private resource(logicalId: string, declaration: TemplateMap, path: TemplatePath): TemplateResource {
    const type = this.text(declaration, path, "Type");
    if (!type) {
      this.refuse(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
        path,
      );
    }
    const { DependsOn } = declaration;
    return {
      logicalId,
      type,
      properties: this.section(declaration, path, "Properties"),
      condition: this.text(declaration, path, "Condition") ?? null,
      dependsOn: DependsOn === undefined ? [] : this.texts(DependsOn, [...path, "DependsOn"], "or one name"),
      declaration,
    };
  }

  private output(name: string, declaration: TemplateMap, path: TemplatePath): TemplateOutput {
    const { Value } = declaration;
    if (Value === undefined) {
      this.refuse(`Template format error: Output ${name} is malformed. It must have a Value.`, path);
    }
    return {
      name,
      value: Value,
      description: this.text(declaration, path, "Description") ?? null,
      condition: this.text(declaration, path, "Condition") ?? null,
      declaration,
    };
  }

  private members(section: TemplateMap, name: string, noun: string): [string, TemplateMap, TemplatePath][] {
    return Object.entries(section).map(([key, value]) => {
      const path = [name, key];
      if (!/^[A-Za-z0-9]+$/.test(key)) this.refuse(`Template format error: ${noun} ${key} is non alphanumeric.`, path);
      return [key, this.map(value, path), path];
    });
  }

  private section(parent: TemplateMap, path: TemplatePath, key: string): TemplateMap {
    return Object.hasOwn(parent, key) ? this.map(parent[key]!, [...path, key]) : {};
  }

  private map(value: TemplateValue, path: TemplatePath): TemplateMap {
    if (typeof value !== "object" || Array.isArray(value)) {
      const noun = path.length === 0 ? "the template" : path.join("/");
      this.refuse(`Template format error: ${noun} must be an object`, path);
    }
    return value;
  }

  private text(parent: TemplateMap, path: TemplatePath, key: string): string | undefined {
    if (!Object.hasOwn(parent, key)) return undefined;
    const value = parent[key]!;
    if (typeof value === "object") this.refuse(`${[...path, key].join("/")} must be a string`, [...path, key]);
    return String(value);
  }

  private number(parent: TemplateMap, path: TemplatePath, key: string): number | undefined {
    const text = this.text(parent, path, key);
    if (text === undefined) return undefined;
    if (text.trim() === "" || !Number.isFinite(Number(text))) {
      this.refuse(`${[...path, key].join("/")} must be a number`, [...path, key]);
    }
    return Number(text);
  }

  private texts(value: TemplateValue, path: TemplatePath, orOne?: string): string[] {
    if (orOne && typeof value === "string") return [value];
    if (!Array.isArray(value) || value.some((each) => typeof each === "object")) {
      this.refuse(`${path.join("/")} must be a list of strings${orOne ? ` ${orOne}` : ""}`, path);
    }
    return value.map(String);
  }

  private refuse(message: string, path: TemplatePath): never {
    throw new TemplateError(message, placeOf(this, path));
  }
}
