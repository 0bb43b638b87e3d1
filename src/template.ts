/** Reads a CloudFormation template, YAML or JSON, into plain data with the line of every node. */
import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type ScalarTag,
} from "yaml";
import { messageOf } from "./errors.ts";
import type { Parameter } from "./model.ts";

/** Of a template that is passed by body. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const maximumTemplateBytes = 51_200;

/** A node of a template as data; functions are in their long form, such as `{ "Fn::GetAtt": ["Queue", "Arn"] }`. */
export type TemplateValue = string | number | boolean | TemplateValue[] | TemplateMap;

export interface TemplateMap {
  [key: string]: TemplateValue;
}

/** Keys and indices from the root of a template to a node. */
export type TemplatePath = readonly (string | number)[];

export interface TemplateResource {
  logicalId: string;
  /** Such as `AWS::SQS::Queue`. */
  type: string;
  properties: TemplateMap;
  /** Name of the condition under which it is created. */
  condition: string | null;
  dependsOn: string[];
  /** The whole declaration, with every attribute that stands beside `Type` and `Properties`. */
  declaration: TemplateMap;
}

export interface TemplateOutput {
  name: string;
  value: TemplateValue;
  description: string | null;
  condition: string | null;
  declaration: TemplateMap;
}

export interface Template {
  description: string | null;
  parameters: Parameter[];
  mappings: TemplateMap;
  conditions: TemplateMap;
  resources: TemplateResource[];
  outputs: TemplateOutput[];
  metadata: TemplateMap;
  /** Names of the top-level sections that the template has. */
  sections: string[];
  /** The line, from 1, of a node's key or list item; of its nearest parent where there is no such node. */
  lineOf(path: TemplatePath): number;
}

/** What is wrong with a template; AWS's words where AWS says the same. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";

  constructor(
    message: string,
    /** from 1 */
    readonly line: number,
  ) {
    super(message);
  }
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 * @throws TemplateError and nothing else.
 */
export function readTemplate(text: string): Template {
  const { root, lineOf } = readNodes(text);
  return new SectionReader(lineOf).template(root);
}

/**
 * A sentence that says why a parameter cannot have the value, in CloudFormation's words; null when it can.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function checkParameter(parameter: Parameter, value: string): string | null {
  const { name, type, minValue, maxValue, minLength, maxLength, allowedValues, allowedPattern } = parameter;
  if (type === "Number" && !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) {
    return `Parameter '${name}' must be a number`;
  }
  const number = type === "Number" ? Number(value) : Number.NaN;
  const items = type === "CommaDelimitedList" ? listIn(value) : [value];
  const pattern = allowedPattern === undefined ? null : wholly(allowedPattern);
  const broken = [
    allowedValues &&
      !items.every((item) => allowedValues.includes(item)) &&
      `must be one of AllowedValues: ${allowedValues.join(", ")}`,
    minValue !== undefined && number < minValue && `must be a number not less than ${minValue}`,
    maxValue !== undefined && number > maxValue && `must be a number not greater than ${maxValue}`,
    minLength !== undefined && value.length < minLength && `must contain at least ${minLength} characters`,
    maxLength !== undefined && value.length > maxLength && `must contain at most ${maxLength} characters`,
    pattern && !items.every((item) => pattern.test(item)) && `must match pattern ${allowedPattern}`,
  ].find((each) => typeof each === "string");
  if (broken === undefined) return null;
  return parameter.constraintDescription
    ? `Parameter ${name} failed to satisfy constraint: ${parameter.constraintDescription}`
    : `Parameter '${name}' ${broken}`;
}

/** The members of a CommaDelimitedList's value; of nothing, one that is empty. */
export function listIn(value: string): string[] {
  return value.split(",").map((item) => item.trim());
}

function wholly(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/* YAML nodes */

/** Functions that have a short form; `!Sub` is `Fn::Sub`. */
const shortForms = new Set(
  (
    "!And !Base64 !Cidr !Condition !Equals !FindInMap !GetAZs !GetAtt !If !ImportValue !Join !Length !Not !Or !Ref " +
    "!Select !Split !Sub !ToJsonString !Transform"
  ).split(" "),
);

const plainTags = new Set(["str", "int", "float", "bool", "seq", "map"].map((each) => `tag:yaml.org,2002:${each}`));

/** No template is nested so deeply, and the parser's recursion has to end somewhere. */
const maximumDepth = 64;

/** YAML 1.1's booleans as CloudFormation's parser takes them: `y` and `n` are text. */
const boolean: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (source) => /^(?:yes|true|on)$/i.test(source),
};

/** CloudFormation reads YAML 1.1 without timestamps, binary, sets, ordered maps and merges. */
const options = {
  schema: "yaml-1.1",
  resolveKnownTags: false,
  customTags: (tags: readonly unknown[]) => [
    ...(tags as ScalarTag[]).filter(({ tag }) => !/:(bool|binary|omap|pairs|set|timestamp|merge)$/.test(tag)),
    boolean,
  ],
};

interface Nodes {
  root: TemplateValue;
  lineOf: Template["lineOf"];
}

function readNodes(text: string): Nodes {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lineCounter.linePos(offset).line);
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  const tooDeep = tokens.map(deeperThanMaximum).find((token) => token !== null);
  if (tooDeep) {
    throw new TemplateError(`the template is nested deeper than ${maximumDepth} levels`, lineAt(tooDeep.offset));
  }

  const [document, second] = [...new Composer(options as object).compose(tokens, true, text.length)];
  const [error] = document?.errors ?? [];
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const cause = error.message.replace(/\s+/g, " ");
    throw new TemplateError(
      `Template format error: YAML not well-formed. (line ${line}, column ${col}) ${cause}`,
      line,
    );
  }
  if (second) throw new TemplateError("a template is one YAML document", lineAt(second.range[0]));

  const lines = new Map<string, number>();
  const keyOf = (path: TemplatePath) => JSON.stringify(path);
  const root = dataOf(document?.contents ?? null, [], 1, {
    lineAt,
    seen: (path, line) => lines.set(keyOf(path), line),
  });
  return {
    root,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length--) {
        const line = lines.get(keyOf(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

/** The first token below the deepest level that is taken; iterative, for the composer that comes after is not. */
function deeperThanMaximum(root: CST.Token): CST.Token | null {
  const pending: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let each = pending.pop(); each; each = pending.pop()) {
    const { token, depth } = each;
    if (depth > maximumDepth) return token;
    if (token.type === "document" && token.value) pending.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const item of token.items) {
      for (const child of [item.key, item.value]) if (child) pending.push({ token: child, depth: depth + 1 });
    }
  }
  return null;
}

interface Lines {
  lineAt(offset: number): number;
  seen(path: TemplatePath, line: number): void;
}

function dataOf(node: Node | null, path: TemplatePath, parentLine: number, lines: Lines): TemplateValue {
  const line = node?.range ? lines.lineAt(node.range[0]) : parentLine;
  if (node === null || (isScalar(node) && node.value === null)) {
    throw new TemplateError(`[/${path.join("/")}] 'null' values are not allowed in templates`, parentLine);
  }
  if (isAlias(node)) {
    throw new TemplateError("Template error: YAML aliases are not allowed in CloudFormation templates", line);
  }
  const { tag } = node;
  if (tag === undefined || plainTags.has(tag)) return plainDataOf(node, path, line, lines);
  if (!shortForms.has(tag)) throw new TemplateError(`${tag} is not a function of CloudFormation`, line);
  const name = tag === "!Ref" || tag === "!Condition" ? tag.slice(1) : `Fn::${tag.slice(1)}`;
  lines.seen([...path, name], line);
  const argument = plainDataOf(node, [...path, name], line, lines);
  return { [name]: name === "Fn::GetAtt" ? attributeReference(argument) : argument };
}

function plainDataOf(node: Node, path: TemplatePath, line: number, lines: Lines): TemplateValue {
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const at = [...path, index];
      const child = item as Node | null;
      const itemLine = child?.range ? lines.lineAt(child.range[0]) : line;
      lines.seen(at, itemLine);
      return dataOf(child, at, itemLine, lines);
    });
  }
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map((pair) => {
        const key = keyText(pair.key as Node | null, path, line, lines);
        const at = [...path, key];
        const keyLine = lines.lineAt((pair.key as Node).range?.[0] ?? 0);
        lines.seen(at, keyLine);
        const value = dataOf(pair.value as Node | null, at, keyLine, lines);
        return [key, key === "Fn::GetAtt" ? attributeReference(value) : value];
      }),
    );
  }
  return isScalar(node) ? scalarOf(node.value, node.source) : "";
}

function keyText(key: Node | null, path: TemplatePath, parentLine: number, lines: Lines): string {
  const line = key?.range ? lines.lineAt(key.range[0]) : parentLine;
  const value = isScalar(key) && key.tag === undefined ? key.value : null;
  if (typeof value !== "string") {
    const received = typeof value === "number" ? `numeric [${value}]` : `${value === null ? "a value" : `[${value}]`}`;
    throw new TemplateError(
      `Template format error: [/${path.join("/")}] map keys must be strings; received ${received} instead`,
      line,
    );
  }
  if (value === "<<") throw new TemplateError("CloudFormation does not support YAML's merge key <<", line);
  return value;
}

/** Numbers that data cannot hold exactly, such as long digit strings, stay the text that they were. */
function scalarOf(value: unknown, source: string | undefined): TemplateValue {
  if (typeof value === "boolean" || typeof value === "string") return value;
  const exact = typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return exact ? value + 0 : (source ?? String(value));
}

/** `Queue.Arn` is `["Queue", "Arn"]`; only the first dot separates. */
function attributeReference(argument: TemplateValue): TemplateValue {
  if (typeof argument !== "string") return argument;
  const dot = argument.indexOf(".");
  return dot < 0 ? argument : [argument.slice(0, dot), argument.slice(dot + 1)];
}

/* Sections */

const knownSections = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Hooks",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
  "Rules",
  "Transform",
];

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
  constructor(private readonly lineOf: Template["lineOf"]) {}

  template(root: TemplateValue): Template {
    const top = this.map(root, []);
    const unknown = Object.keys(top).find((key) => !knownSections.includes(key));
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
      sections: Object.keys(top),
      lineOf: this.lineOf,
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
    if (type !== "Number" && type !== "String" && type !== "CommaDelimitedList") {
      this.refuse(`parameter ${name} must have Type Number, String or CommaDelimitedList, not ${type ?? "none"}`, [
        ...path,
        "Type",
      ]);
    }
    const allowedValues = Object.hasOwn(declaration, "AllowedValues")
      ? this.texts(declaration.AllowedValues!, [...path, "AllowedValues"])
      : undefined;
    const given = {
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
    const parameter = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as unknown as Parameter;
    try {
      wholly(parameter.allowedPattern ?? "");
    } catch (failure) {
      this.refuse(`the AllowedPattern of parameter ${name} is no regular expression: ${messageOf(failure)}`, [
        ...path,
        "AllowedPattern",
      ]);
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
    throw new TemplateError(message, this.lineOf(path));
  }
}
