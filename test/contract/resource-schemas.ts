/**
 * Holds a template against the resource schemas that AWS publishes: types, properties, enums and attributes as
 * `@aws-cdk/aws-service-spec` carries them, and then the values.
 */
import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import type { Property, PropertyType, Resource, SpecDatabase, TypeDefinition } from "@aws-cdk/service-spec-types";
import type { Parameter } from "../../src/template/parameter.ts";
import { readTemplate } from "../../src/template/sections.ts";
import type { Template, TemplateMap, TemplateResource, TemplateValue } from "../../src/template/template.ts";
import { objectionsToValues } from "./constrained-values.ts";

let loaded: Promise<SpecDatabase> | undefined;

/** The objections of AWS's schemas, a sentence each: `Queue/Properties/DelaySeconds is text, not an integer`. */
export async function objectionsTo(body: string): Promise<string[]> {
  loaded ??= loadAwsServiceSpec();
  const schemas = await loaded;
  const template = readTemplate(body);
  const objections = [...new Checker(schemas, template).objections()];
  // Values are looked at in their place, which has to be right before.
  return objections.length > 0 ? objections : [...objectionsToValues(template)];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameters = new Set(
  "AccountId NotificationARNs NoValue Partition Region StackId StackName URLSuffix"
    .split(" ")
    .map((name) => `AWS::${name}`),
);

/** The kind of value that a function of a template gives, for functions that always give one kind. */
const textFunctions = new Set(["Fn::Sub", "Fn::Join", "Fn::Base64", "Fn::ImportValue"]);
const listFunctions = new Set(["Fn::Split", "Fn::GetAZs", "Fn::Cidr"]);

class Checker {
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #resources: ReadonlyMap<string, TemplateResource>;

  constructor(
    private readonly schemas: SpecDatabase,
    private readonly template: Template,
  ) {
    this.#parameters = new Map(template.parameters.map((each) => [each.name, each]));
    this.#resources = new Map(template.resources.map((each) => [each.logicalId, each]));
  }

  *objections(): Iterable<string> {
    for (const { logicalId, type, properties } of this.template.resources) {
      const schema = this.#schemaOf(type);
      if (!schema) yield `${logicalId} is of the unknown type ${type}`;
      else yield* this.#object(properties, schema.properties, `${logicalId}/Properties`);
    }
    for (const { name, value } of this.template.outputs) yield* this.#references(value, `Outputs/${name}`);
    for (const [name, condition] of Object.entries(this.template.conditions)) {
      yield* this.#references(condition, `Conditions/${name}`);
    }
  }

  #schemaOf(type: string): Resource | undefined {
    return this.schemas.lookup("resource", "cloudFormationType", "equals", type)[0];
  }

  *#object(value: TemplateMap, properties: Record<string, Property>, path: string): Iterable<string> {
    for (const [name, property] of Object.entries(properties)) {
      if (property.required && !(name in value)) yield `${path}/${name} is missing`;
    }
    for (const [name, inner] of Object.entries(value)) {
      const property = properties[name];
      if (!property) yield `${path}/${name} is no property`;
      else yield* this.#value(inner, property.type, `${path}/${name}`);
    }
  }

  *#value(value: TemplateValue, type: PropertyType, path: string): Iterable<string> {
    const call = callIn(value);
    if (call) yield* this.#call(call, type, path);
    else yield* this.#plain(value, type, path);
  }

  *#plain(value: TemplateValue, type: PropertyType, path: string): Iterable<string> {
    switch (type.type) {
      case "ref": {
        const definition = this.schemas.get("typeDefinition", type.reference.$ref) as TypeDefinition;
        if (isMap(value)) yield* this.#object(value, definition.properties, path);
        else yield wrong(value, `an object (${definition.name})`, path);
        return;
      }
      case "array":
        if (!Array.isArray(value)) yield wrong(value, "a list", path);
        else for (const [index, item] of value.entries()) yield* this.#value(item, type.element, `${path}/${index}`);
        return;
      case "map":
        if (!isMap(value)) yield wrong(value, "an object", path);
        else for (const [key, item] of Object.entries(value)) yield* this.#value(item, type.element, `${path}/${key}`);
        return;
      case "tag":
        if (!isMap(value) || !("Key" in value) || !("Value" in value)) yield wrong(value, "a tag", path);
        else yield* this.#references(value, path);
        return;
      case "union": {
        const each = type.types.map((one) => [...this.#plain(value, one, path)]);
        if (each.every((objections) => objections.length > 0)) yield each[0]![0]!;
        return;
      }
      case "json":
        // A policy document and the like: any object, or its text. What it refers to has to be there all the same.
        if (typeof value !== "string" && !isMap(value)) yield wrong(value, "an object", path);
        yield* this.#references(value, path);
        return;
      case "string":
      case "date-time":
        // CloudFormation makes text of a number or a boolean.
        if (typeof value === "object") yield wrong(value, "text", path);
        else yield* allowed(value, type, path);
        return;
      case "integer":
        if (!/^[-+]?\d+$/.test(String(value))) yield wrong(value, "an integer", path);
        else yield* allowed(Number(value), type, path);
        return;
      case "number":
        if (typeof value === "object" || String(value).trim() === "" || Number.isNaN(Number(value))) {
          yield wrong(value, "a number", path);
        }
        return;
      case "boolean":
        if (!/^(true|false)$/i.test(String(value))) yield wrong(value, "a boolean", path);
        return;
      default:
        throw new Error(`${path}: the schemas have a type that this check does not know, ${type.type}`);
    }
  }

  *#call({ name, argument }: Call, type: PropertyType, path: string): Iterable<string> {
    if (name === "Fn::If" && Array.isArray(argument)) {
      for (const branch of argument.slice(1)) yield* this.#value(branch, type, path);
      return;
    }
    yield* this.#references({ [name]: argument }, path);
    const parameter = name === "Ref" ? this.#parameters.get(String(argument)) : undefined;
    if (parameter) yield* this.#parameter(parameter, type, path);
    else if (textFunctions.has(name) && !takesText(type)) yield `${path} is text (${name}), not ${nameOf(type)}`;
    else if (listFunctions.has(name) && type.type !== "array") yield `${path} is a list (${name}), not ${nameOf(type)}`;
  }

  /** The property must take whatever the parameter may be: its type, and each value that it allows. */
  *#parameter(parameter: Parameter, type: PropertyType, path: string): Iterable<string> {
    const isForNumbers = type.type === "integer" || type.type === "number";
    const values = parameter.allowedValues ?? (parameter.default === undefined ? [] : [parameter.default]);
    if (isForNumbers && parameter.type !== "Number" && parameter.allowedPattern === undefined) {
      if (values.length === 0 || values.some((value) => Number.isNaN(Number(value)))) {
        yield `${path} is the text of ${parameter.name}, not ${nameOf(type)}`;
      }
    }
    if (type.type === "boolean" || "allowedValues" in type) {
      for (const value of values) yield* this.#plain(value, type, `${path} (${parameter.name})`);
    }
  }

  /** Every name that `Ref`, `Fn::GetAtt` and `Fn::Sub` mean is there, attributes by the schemas. */
  *#references(value: TemplateValue, path: string): Iterable<string> {
    if (Array.isArray(value)) for (const item of value) yield* this.#references(item, path);
    if (!isMap(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "Ref") yield* this.#reference(String(inner), path);
      else if (key === "Fn::GetAtt") {
        const [id, ...attribute] = Array.isArray(inner) ? inner.map(String) : String(inner).split(".");
        yield* this.#attribute(id!, attribute.join("."), path);
      } else if (key === "Fn::Sub") {
        const [text, own] = Array.isArray(inner) ? inner : [inner];
        for (const [, name] of String(text).matchAll(/\$\{([^!}]+)\}/g)) {
          if (isMap(own ?? "") && name! in (own as TemplateMap)) continue;
          const [id, ...attribute] = name!.trim().split(".");
          if (attribute.length > 0) yield* this.#attribute(id!, attribute.join("."), path);
          else yield* this.#reference(id!, path);
        }
        if (own !== undefined) yield* this.#references(own, path);
      } else yield* this.#references(inner, path);
    }
  }

  *#reference(name: string, path: string): Iterable<string> {
    if (this.#parameters.has(name) || this.#resources.has(name) || pseudoParameters.has(name)) return;
    yield `${path} refers to ${name}, which is neither a resource nor a parameter`;
  }

  *#attribute(id: string, attribute: string, path: string): Iterable<string> {
    const resource = this.#resources.get(id);
    if (!resource) yield `${path} refers to ${id}, which is no resource`;
    const schema = resource && this.#schemaOf(resource.type);
    if (schema && !(attribute in schema.attributes)) yield `${path}: ${resource.type} has no attribute ${attribute}`;
  }
}

interface Call {
  name: string;
  argument: TemplateValue;
}

function callIn(value: TemplateValue): Call | null {
  if (!isMap(value)) return null;
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0 || !(entry[0] === "Ref" || entry[0].startsWith("Fn::"))) return null;
  return { name: entry[0], argument: entry[1] };
}

function* allowed(value: unknown, type: PropertyType, path: string): Iterable<string> {
  const values: readonly unknown[] | undefined = "allowedValues" in type ? type.allowedValues : undefined;
  if (values && !values.includes(value)) yield `${path} is ${value}, not one of ${values.join(", ")}`;
}

function isMap(value: TemplateValue): value is TemplateMap {
  return typeof value === "object" && !Array.isArray(value);
}

function takesText({ type, ...rest }: PropertyType): boolean {
  if (type === "union") return (rest as { types: PropertyType[] }).types.some(takesText);
  return type === "string" || type === "json" || type === "date-time";
}

function nameOf({ type }: PropertyType): string {
  return type === "integer" ? "an integer" : `a ${type}`;
}

function wrong(value: TemplateValue, wanted: string, path: string): string {
  const found = Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : JSON.stringify(value);
  return `${path} is ${found}, not ${wanted}`;
}
