/** CloudFormation templates, and those that CDK synthesizes, as somebody's system: whatever changes no event is taken as it is. */

import { didYouMean, meant } from "../../scenarios/nearest.ts";
import type { Parameter } from "../../template/parameter.ts";
import {
  isMap,
  type Places,
  placeOf,
  type Template,
  TemplateError,
  type TemplateMap,
  type TemplateResource,
  type TemplateValue,
} from "../../template/template.ts";
import type { FilledIn, Format, FormatName, System, SystemSource, Unread } from "../system.ts";
import { branchPlaces } from "./branch-places.ts";
import { readDocument } from "./document.ts";
import { Evaluation } from "./evaluation.ts";
import { withForEach } from "./for-each.ts";
import { type Exporting, exportsIn, readableOrNull, withImports } from "./imports.ts";

/** A format that others are translated to: CloudFormation's sections, in CloudFormation's words, and what they were translated from. */
export interface Declared {
  format: FormatName;
  source: Pick<SystemSource, "file" | "parameters">;
  /** the sections, functions in their long form */
  root: TemplateValue;
  /** by the paths in `root` */
  places: Places;
  names?: ReadonlyMap<string, string>;
  filledIn?: readonly FilledIn[];
  unread?: readonly Unread[];
}

export const cloudFormation: Format = {
  name: "CloudFormation",
  recognizes: (root) => isCloudFormation(root) && !isFromCdk(root),
  read: (source) => readFormat("CloudFormation", source),
};

/** `cdk synth` writes CloudFormation into cdk.out, with the constructs' paths. */
export const cdk: Format = {
  name: "CDK",
  recognizes: (root) => isCloudFormation(root) && isFromCdk(root),
  read: (source) => readFormat("CDK", source),
};

function readFormat(format: FormatName, source: SystemSource): System {
  const system = readDeclared({ format, source, ...readDocument(source) });
  const others = (source.beside ?? []).flatMap((other) => {
    const read = () => exportingOf(format, { ...other, parameters: {} });
    return readableOrNull(read) ?? [];
  });
  return withImports(system, others);
}

function exportingOf(format: FormatName, source: SystemSource): Exporting {
  const document = readDocument(source);
  const outputs = isMap(document.root) ? document.root.Outputs : undefined;
  return { system: readDeclared({ format, source, ...document }), exports: exportsIn(isMap(outputs) ? outputs : {}) };
}

/** SAM says so in Transform, and has a reader of its own. */
function isCloudFormation(root: unknown): root is TemplateMap {
  if (!isMap(root) || !isMap(root.Resources)) return false;
  const types = resourcesOf(root).map(({ Type }) => String(Type));
  return (
    types.some((type) => /^(AWS|Alexa|Custom)::/.test(type)) && !types.some((type) => /^AWS::Serverless::/.test(type))
  );
}

function isFromCdk(root: TemplateMap): boolean {
  // An app may leave the paths out; its bootstrap's version stays.
  if (isMap(root.Rules) && root.Rules.CheckBootstrapVersion !== undefined) return true;
  return resourcesOf(root).some(
    ({ Type, Metadata }) => Type === "AWS::CDK::Metadata" || constructPathIn(Metadata) !== null,
  );
}

function resourcesOf({ Resources }: TemplateMap): TemplateMap[] {
  return isMap(Resources) ? Object.values(Resources).filter(isMap) : [];
}

function constructPathIn(metadata: TemplateValue | undefined): string | null {
  const path = isMap(metadata) ? metadata["aws:cdk:path"] : undefined;
  // The last of it names the CloudFormation resource of a construct, which nobody wrote.
  return typeof path === "string" ? path.replace(/\/Resource$/, "") : null;
}

/**
 * Reads CloudFormation's sections to a system: parameters have their values, conditions are resolved, and functions are applied as far as that is possible.
 * Everything else changes no event, and is left as it is.
 * @throws TemplateError with the line
 */
export function readDeclared({ format, source, root, places, names, filledIn = [], unread = [] }: Declared): System {
  const refuse = (path: readonly string[], message: string): never => {
    throw new TemplateError(message, placeOf({ places }, path));
  };
  if (!isMap(root)) return refuse([], `${source.file} is no template: it has no Resources`);
  const section = (name: string): TemplateMap => (isMap(root[name]) ? root[name] : {});
  const parameters = Object.entries(section("Parameters")).map(([name, declaration]) =>
    parameterOf(name, isMap(declaration) ? declaration : {}),
  );
  const unknown = Object.keys(source.parameters).find(
    (name) => !name.startsWith("AWS::") && !parameters.some((each) => each.name === name),
  );
  if (unknown !== undefined) {
    const names = parameters.map(({ name }) => name);
    const near = didYouMean(meant(unknown, parameters));
    const all = names.length === 0 ? "it has no parameters" : `it has ${names.join(", ")}`;
    const cure = near === null ? all : `${near} It has ${names.join(", ")}`;
    refuse(["Parameters"], `--parameters gives ${unknown}, which is no parameter of the template; ${cure}`);
  }
  const isSecret = (name: string) => parameters.some((each) => each.name === name && each.noEcho);
  for (const [name, declaration] of Object.entries(section("Parameters"))) {
    const value = Object.hasOwn(source.parameters, name) ? source.parameters[name]! : null;
    const allowed = value !== null && isMap(declaration) ? notAllowed(value, declaration) : null;
    if (allowed !== null) {
      const said = isSecret(name)
        ? `${name} a value that it does not take`
        : `${name}=${value}, and it takes ${allowed}`;
      refuse(["Parameters", name], `--parameters gives ${said}`);
    }
  }
  const values = knownValues(parameters, source.parameters);
  const evaluation = new Evaluation({
    parameters: new Map([...values].filter(([name]) => !isSecret(name))),
    secrets: new Map([...values].filter(([name]) => isSecret(name))),
    mappings: section("Mappings"),
    conditions: section("Conditions"),
  });
  const expanded = withForEach(section("Resources"), places, evaluation);
  const inPlace = new Map(expanded.places);
  const resources = Object.entries(expanded.resources).flatMap(([logicalId, declaration]): TemplateResource[] => {
    if (!isMap(declaration) || typeof declaration.Type !== "string") return [];
    const { Type, Condition, DependsOn, Properties } = declaration;
    const condition = typeof Condition === "string" ? Condition : null;
    if (condition !== null && evaluation.holds(condition) === false) return [];
    const properties = isMap(Properties) ? (evaluation.value(Properties) as TemplateMap) : {};
    const path = ["Resources", logicalId, "Properties"];
    for (const [at, place] of branchPlaces(Properties ?? "", path, expanded.places, evaluation)) inPlace.set(at, place);
    const dependsOn = [DependsOn ?? []].flat().map(String);
    return [{ logicalId, type: Type, properties, condition, dependsOn, declaration }];
  });
  if (resources.length === 0) refuse(["Resources"], `${source.file} declares no resource that is made`);
  const template: Template = {
    description: typeof root.Description === "string" ? root.Description : null,
    parameters,
    mappings: section("Mappings"),
    conditions: section("Conditions"),
    resources,
    outputs: [],
    metadata: section("Metadata"),
    transforms: [root.Transform ?? []].flat().filter((each) => typeof each === "string"),
    sections: Object.keys(root),
    places: inPlace,
  };
  const constructPaths = resources.flatMap(({ logicalId, declaration }): [string, string][] => {
    const path = constructPathIn(declaration.Metadata);
    return path === null ? [] : [[logicalId, path]];
  });
  return {
    format,
    file: source.file,
    template,
    names: names ?? new Map(constructPaths),
    filledIn,
    unread: [...unread, ...expanded.unread],
  };
}

/** The value of a parameter that names something of Systems Manager is there, and its default is only that name. */
function parameterOf(name: string, declaration: TemplateMap): Parameter {
  const type = String(declaration.Type ?? "String");
  const text = (key: string) => (typeof declaration[key] === "object" ? undefined : declaration[key]);
  const isList = type === "CommaDelimitedList" || /^(List<|AWS::SSM::Parameter::Value<List<)/.test(type);
  const isElsewhere = type.startsWith("AWS::SSM::");
  const given = text("Default");
  const description = text("Description");
  return {
    name,
    type: type === "Number" ? "Number" : isList ? "CommaDelimitedList" : "String",
    ...(given !== undefined && !isElsewhere && { default: String(given) }),
    ...(description !== undefined && { description: String(description) }),
    ...(String(declaration.NoEcho).toLowerCase() === "true" && { noEcho: true }),
  };
}

/** The values that a parameter takes, in words, where the given one is none of them; null: it is one. Of a list each item has to be one. */
function notAllowed(value: string, declaration: TemplateMap): string | null {
  const { AllowedValues } = declaration;
  if (!Array.isArray(AllowedValues) || String(declaration.Type).startsWith("AWS::SSM::")) return null;
  const isList = parameterOf("", declaration).type === "CommaDelimitedList";
  const items = isList ? value.split(",").map((each) => each.trim()) : [value];
  const allowed = AllowedValues.map(String);
  return items.every((each) => allowed.includes(each))
    ? null
    : new Intl.ListFormat("en-GB", { type: "disjunction" }).format(allowed);
}

function knownValues(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, string>>,
): Map<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (value === undefined) continue;
    const isList = parameter.type === "CommaDelimitedList";
    values.set(parameter.name, isList ? value.split(",").map((each) => each.trim()) : value);
  }
  for (const [name, value] of Object.entries(given)) if (name.startsWith("AWS::")) values.set(name, value);
  return values;
}
