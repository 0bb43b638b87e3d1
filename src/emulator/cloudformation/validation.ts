/** Checks a template before a stack is made of it. Whatever is not modelled is refused by name and line. */

import { argumentFault } from "../../template/arguments.ts";
import { Faults } from "../../template/faults.ts";
import {
  callsIn,
  conditionFunctions,
  type Reference,
  referencesIn,
  type Scope,
  valueFunctions,
} from "../../template/intrinsics.ts";
import { nearest } from "../../template/nearest.ts";
import { readTemplate } from "../../template/sections.ts";
import {
  maximumTemplateBytes,
  placeOf,
  type Template,
  TemplateError,
  type TemplateMap,
  type TemplatePath,
  type TemplateResource,
  type TemplateValue,
} from "../../template/template.ts";
import type { Account, ResourceType } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import type { Problem } from "../template/properties.ts";
import { unmodelledReference } from "./dynamic-references.ts";

export type ResourceTypes = Account["resourceTypes"];

/** The type by its name. Custom resources have names of their own, and are one type all the same. */
export function typeNamed(types: ResourceTypes, name: string): ResourceType | undefined {
  return (
    types.get(name) ?? (name.startsWith("Custom::") ? types.get("AWS::CloudFormation::CustomResource") : undefined)
  );
}

export const pseudoParameters = new Set(
  ["AccountId", "NoValue", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix"].map(
    (name) => `AWS::${name}`,
  ),
);

const modelledSections = new Set([
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  // They refuse values of parameters, on an account as before a run; nothing else follows from them.
  "Rules",
  "Mappings",
  "Conditions",
  "Transform",
  "Resources",
  "Outputs",
]);

/** It adds functions, which the reader has. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-languageextensions.html */
const languageExtensions = "AWS::LanguageExtensions";

/**
 * The attributes of a resource that are accepted. UpdateReplacePolicy is about resources that an update replaces, which is refused, and
 * the policies of creation and update are about groups of instances, which the model has not.
 */
const modelledAttributes = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "Metadata",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "UpdatePolicy",
  "CreationPolicy",
]);

/** The templates that were read last, by their text: simulations deploy one over and over. */
const templatesRead = new Map<string, Template>();
const mostTemplatesKept = 8;

/** Reads and checks a template; `types`: those that are modelled. @throws ServiceError `ValidationError`. */
export function checkedTemplate(body: string, types: ResourceTypes): Template {
  const known = templatesRead.get(body);
  if (known) return known;
  if (Buffer.byteLength(body) > maximumTemplateBytes) {
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maximumTemplateBytes}`,
    );
  }
  try {
    const template = readTemplate(body);
    keepTemplate(body, template, types);
    return template;
  } catch (error) {
    if (error instanceof TemplateError) throw invalidAt(error);
    throw error;
  }
}

/** Checks a template that was read from the text `body`, and keeps it, so that the text is not read again. @throws TemplateError */
export function keepTemplate(body: string, template: Template, types: ResourceTypes): void {
  if (templatesRead.has(body)) return;
  requireModelled(template, types);
  const [oldest] = templatesRead.size < mostTemplatesKept ? [] : templatesRead.keys();
  if (oldest !== undefined) templatesRead.delete(oldest);
  templatesRead.set(body, template);
}

/** @throws TemplateError with every problem */
function requireModelled(template: Template, types: ResourceTypes): void {
  const faults = new Faults();
  for (const { path, message } of problemsOf(template, types)) {
    faults.add({ message, place: placeOf(template, path) });
  }
  faults.throwIfAny();
}

/**
 * @throws ServiceError `ValidationError` when something refers to what is neither a parameter nor among `resources`; `taken` as for
 * `referencesIn`. A DependsOn may name a resource that its condition takes away.
 */
export function requireResolved(template: Template, resources: ReadonlySet<string>, taken?: Scope["condition"]): void {
  const faults = new Faults();
  for (const { path, message } of unresolvedIn(template, resources, taken)) {
    faults.add({ message, place: placeOf(template, path) });
  }
  if (faults.all.length > 0) throw invalidAt(new TemplateError(faults.all));
}

function unresolvedIn(template: Template, resources: ReadonlySet<string>, taken?: Scope["condition"]): Problem[] {
  const known = new Set([...resources, ...pseudoParameters, ...template.parameters.map(({ name }) => name)]);
  const isUnresolved = ({ name, attribute }: Reference) => !(attribute === null ? known : resources).has(name);
  const declared = new Set(template.resources.map(({ logicalId }) => logicalId));
  const inResources = template.resources
    .filter(({ logicalId }) => resources.has(logicalId))
    .flatMap(({ logicalId, properties, dependsOn }) => [
      ...referencesOf(logicalId, properties, taken).filter(isUnresolved),
      ...dependsOn
        .filter((name) => !declared.has(name))
        .map((name): Reference => ({ name, attribute: null, path: ["Resources", logicalId, "DependsOn"] })),
    ]);
  const inOutputs = template.outputs
    .filter(({ condition }) => condition === null || taken === undefined || taken(condition))
    .flatMap(({ name, value }) => [...referencesIn(value, ["Outputs", name, "Value"], taken)].filter(isUnresolved));

  return [...dangling(inResources, "Resources", declared), ...dangling(inOutputs, "Outputs", declared)];
}

/** A problem for each name that nothing has, where it is referred to first. */
function* dangling(references: readonly Reference[], block: string, declared: ReadonlySet<string>): Iterable<Problem> {
  const told = new Set<string>();
  for (const { name, attribute, path } of references) {
    if (told.has(name)) continue;
    told.add(name);
    const isUndefined = attribute !== null && path.includes("Fn::GetAtt") && !declared.has(name);
    yield {
      path,
      message: isUndefined
        ? `Template error: instance of Fn::GetAtt references undefined resource ${name}`
        : `Template format error: Unresolved resource dependencies [${name}] in the ${block} block of the template`,
    };
  }
}

/** By a resource's properties, where no condition decides the references: simulations ask for those of one template over and over. */
const undecided = new WeakMap<TemplateMap, readonly Reference[]>();

function referencesOf(logicalId: string, properties: TemplateMap, taken?: Scope["condition"]): readonly Reference[] {
  const known = undecided.get(properties);
  if (known !== undefined) return known;
  let isDecided = false;
  const asked =
    taken &&
    ((name: string) => {
      isDecided = true;
      return taken(name);
    });
  const found = [...referencesIn(properties, ["Resources", logicalId, "Properties"], asked)];
  if (taken !== undefined && !isDecided) undecided.set(properties, found);
  return found;
}

/** The resources that each resource needs: by Ref, GetAtt, Sub and DependsOn; `taken` as for `referencesIn`. */
export function dependenciesOf(template: Template, taken?: Scope["condition"]): Map<string, Set<string>> {
  const resources = new Set(template.resources.map(({ logicalId }) => logicalId));
  return new Map(
    template.resources.map(({ logicalId, properties, dependsOn }) => {
      const names = referencesOf(logicalId, properties, taken)
        .map(({ name }) => name)
        .filter((name) => resources.has(name));
      return [logicalId, new Set([...names, ...dependsOn])];
    }),
  );
}

/** A place of a template where a value stands: the properties of a resource, or an output's value. */
interface Place {
  /** The resource or the output. */
  owner: TemplatePath;
  path: TemplatePath;
  value: TemplateValue;
  condition: string | null;
}

function placesIn({ resources, outputs }: Template): Place[] {
  const place = (owner: TemplatePath, key: string, value: TemplateValue, condition: string | null): Place => ({
    owner,
    path: [...owner, key],
    value,
    condition,
  });
  return [
    ...resources.map((each) => place(["Resources", each.logicalId], "Properties", each.properties, each.condition)),
    ...outputs.map((each) => place(["Outputs", each.name], "Value", each.value, each.condition)),
  ];
}

/** Every problem that CloudFormation, or the model, has with the template, whatever values its parameters take. */
export function* problemsOf(template: Template, types: ResourceTypes): Iterable<Problem> {
  for (const section of template.sections) {
    if (!modelledSections.has(section)) {
      yield { path: [section], message: `the section ${section} is not modelled by the local target` };
    }
  }
  for (const name of template.transforms) {
    if (name === languageExtensions) continue;
    const message = `the transform ${name} is not modelled by the local target; take the template as CloudFormation has processed it, by \`aws cloudformation get-template --template-stage Processed\``;
    yield { path: ["Transform"], message };
  }
  yield* resourceProblems(template, types);
  yield* functionProblems(template);
  yield* conditionProblems(template);
  yield* attributeProblems(template, types);
  yield* outputProblems(template);
  yield* unresolvedIn(template, new Set(template.resources.map(({ logicalId }) => logicalId)));
  const circle = circleIn(dependenciesOf(template));
  if (circle === null) return;
  yield {
    path: ["Resources", circle[0]!],
    message: `Circular dependency between resources: [${circle.join(", ")}]`,
  };
}

function* resourceProblems(template: Template, types: ResourceTypes): Iterable<Problem> {
  for (const resource of template.resources) {
    const { logicalId, type, properties, declaration } = resource;
    const path = ["Resources", logicalId];
    // Its type could not be read, which was said.
    if (type === "") continue;
    const known = typeNamed(types, type);
    if (!known) {
      yield {
        path: [...path, "Type"],
        message: `${type} (${logicalId}) is not modelled by the local target; ${instead(type, types)}`,
      };
      continue;
    }
    for (const attribute of Object.keys(declaration)) {
      if (modelledAttributes.has(attribute)) continue;
      yield {
        path: [...path, attribute],
        message: `the attribute ${attribute} of ${type} (${logicalId}) is not modelled by the local target`,
      };
    }
    const reference = unmodelledReference(properties);
    if (reference !== undefined) {
      yield { path, message: `the dynamic reference ${reference} of ${logicalId} is not modelled by the local target` };
    }
    for (const problem of known.check(properties)) {
      // CloudFormation takes the template all the same, and the service refuses the value.
      if (problem.kind !== "out of bounds") yield propertyProblem({ logicalId, type }, problem);
    }
    yield* known.checkAmong?.(resource, template.resources) ?? [];
  }
}

/** The types that could send events, take them, or change the path, with the nearest that is modelled. */
const nearestModelled: Readonly<Record<string, string>> = {
  "AWS::Pipes::": "AWS::Lambda::EventSourceMapping",
  "AWS::Scheduler::": "AWS::Events::Rule with a ScheduleExpression",
  "AWS::KinesisFirehose::": "AWS::Kinesis::Stream",
  "AWS::StepFunctions::": "AWS::Lambda::Function",
  "AWS::Kinesis::StreamConsumer": "AWS::Kinesis::Stream",
  "AWS::CloudFormation::Stack": "a template that has the nested stack's resources in itself",
  "AWS::Serverless::": "what `throttle-bench init --from` lifts of a SAM template",
};

/** The cure for a type that is not modelled. */
function instead(type: string, types: ResourceTypes): string {
  const near =
    Object.entries(nearestModelled).find(([start]) => type.startsWith(start))?.[1] ?? nearest(type, [...types.keys()]);
  const way = "leave it out, or let `throttle-bench init --from` lift the path without it";
  return near === null ? way : `the nearest that is modelled is ${near}; or ${way}`;
}

/** The values that a service would refuse while the resources are made; types that are not modelled are passed over. */
export function* valuesOutOfBounds(
  resources: readonly Pick<TemplateResource, "logicalId" | "type" | "properties">[],
  types: ResourceTypes,
): Iterable<Problem> {
  for (const { logicalId, type, properties } of resources) {
    for (const problem of typeNamed(types, type)?.check(properties) ?? []) {
      if (problem.kind === "out of bounds") yield propertyProblem({ logicalId, type }, problem);
    }
  }
}

function propertyProblem({ logicalId, type }: Pick<TemplateResource, "logicalId" | "type">, problem: Problem): Problem {
  const name = problem.path.join(".").replace(/\.Fn::If\.[12]/g, "");
  return {
    path: ["Resources", logicalId, "Properties", ...problem.path],
    message: `property ${name} of ${type} (${logicalId}) ${problem.message}`,
  };
}

function* functionProblems(template: Template): Iterable<Problem> {
  for (const { value, path } of placesIn(template)) yield* functionProblemsIn(value, path, valueFunctions);
  const functions = new Set([...valueFunctions, ...conditionFunctions]);
  yield* functionProblemsIn(template.conditions, ["Conditions"], functions);
}

function* functionProblemsIn(value: TemplateValue, at: TemplatePath, modelled: ReadonlySet<string>): Iterable<Problem> {
  for (const { name, argument, path } of callsIn(value, at)) {
    const fault = argumentFault({ name, argument });
    if (!modelled.has(name))
      yield { path, message: `the function ${name} is not modelled by the local target here${beyond(name)}` };
    else if (fault !== null) yield { path, message: fault };
  }
  for (const { map, path } of mapsIn(value, at)) {
    const keys = Object.keys(map);
    const name = keys.length > 1 && keys.find((key) => key.startsWith("Fn::"));
    if (name) yield { path: [...path, name], message: `the function ${name} must be the only key of its object` };
  }
}

/** The cure for a function of CloudFormation's that stands for something outside of the template. */
function beyond(name: string): string {
  if (name === "Fn::ImportValue") return "; what another stack exports is not known, so make it a parameter";
  if (name === "Fn::Transform" || name.startsWith("Fn::ForEach")) {
    return "; take the template as CloudFormation has processed it, by `aws cloudformation get-template --template-stage Processed`";
  }
  return "";
}

function* mapsIn(value: TemplateValue, path: TemplatePath): Iterable<{ map: TemplateMap; path: TemplatePath }> {
  if (typeof value !== "object") return;
  if (!Array.isArray(value)) yield { map: value, path };
  for (const [key, each] of Object.entries(value)) {
    yield* mapsIn(each, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function* conditionProblems(template: Template): Iterable<Problem> {
  const { conditions } = template;
  for (const { owner, path: at, value, condition } of placesIn(template)) {
    if (condition !== null && !Object.hasOwn(conditions, condition)) {
      yield { path: [...owner, "Condition"], message: `Template format error: Condition ${condition} is not defined.` };
    }
    for (const { name, argument, path } of callsIn(value, at)) {
      const asked =
        name === "Fn::If" && Array.isArray(argument) && typeof argument[0] === "string" ? argument[0] : null;
      if (asked !== null && !Object.hasOwn(conditions, asked)) {
        yield { path, message: `Template error: unresolved condition dependency ${asked} in Fn::If` };
      }
    }
  }
  yield* problemsAmongConditions(template);
}

function* problemsAmongConditions({ conditions, parameters }: Template): Iterable<Problem> {
  const referable = new Set([...pseudoParameters, ...parameters.map(({ name }) => name)]);
  const graph = new Map<string, Set<string>>();
  for (const [name, condition] of Object.entries(conditions)) {
    const path = ["Conditions", name];
    for (const reference of referencesIn(condition, path)) {
      if (referable.has(reference.name)) continue;
      yield {
        path: reference.path,
        message: `Template format error: Unresolved dependencies [${reference.name}]. Cannot reference resources in the Conditions block of the template`,
      };
    }
    const asked = [...mapsIn(condition, path)].flatMap(({ map }) => {
      const { Condition, ...others } = map;
      return typeof Condition === "string" && Object.keys(others).length === 0 ? [Condition] : [];
    });
    for (const missing of asked.filter((each) => !Object.hasOwn(conditions, each))) {
      yield { path, message: `Template error: unresolved condition dependency ${missing} in Condition ${name}` };
    }
    graph.set(name, new Set(asked));
  }
  const circle = circleIn(graph);
  if (circle) {
    yield {
      path: ["Conditions", circle[0]!],
      message: `Template format error: Circular dependency between conditions: [${circle.join(", ")}]`,
    };
  }
}

/** A secret in an output would be shown by every DescribeStacks; a name to import it by would go nowhere. */
function* outputProblems({ outputs, parameters }: Template): Iterable<Problem> {
  const secrets = new Set(parameters.filter(({ noEcho }) => noEcho).map(({ name }) => name));
  for (const { name, value, declaration } of outputs) {
    const unknown = Object.keys(declaration).filter((key) => !["Value", "Description", "Condition"].includes(key));
    for (const key of unknown) {
      yield {
        path: ["Outputs", name, key],
        message: `the attribute ${key} of output ${name} is not modelled by the local target`,
      };
    }
    for (const reference of referencesIn(value, ["Outputs", name, "Value"])) {
      if (secrets.has(reference.name)) {
        yield { path: reference.path, message: `the output ${name} would show the NoEcho parameter ${reference.name}` };
      }
    }
  }
}

function* attributeProblems(template: Template, types: ResourceTypes): Iterable<Problem> {
  const typeNames = new Map(template.resources.map(({ logicalId, type }) => [logicalId, type]));
  const references = placesIn(template).flatMap(({ value, path }) => [...referencesIn(value, path)]);
  for (const { name, attribute, path } of references) {
    const type = typeNames.get(name);
    if (attribute === null || type === undefined) continue;
    const attributes = typeNamed(types, type)?.attributes ?? [];
    if (!attributes.includes(attribute)) {
      yield {
        path,
        message: `the attribute ${attribute} of ${type} (${name}) does not exist or is not modelled by the local target`,
      };
    }
  }
}

/** The names of a circle of dependencies; null when there is none. */
function circleIn(dependencies: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const finished = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | null => {
    if (trail.includes(name)) return trail.slice(trail.indexOf(name));
    if (finished.has(name)) return null;
    for (const next of dependencies.get(name) ?? []) {
      const circle = visit(next, [...trail, name]);
      if (circle) return circle;
    }
    finished.add(name);
    return null;
  };
  for (const name of dependencies.keys()) {
    const circle = visit(name, []);
    if (circle) return circle;
  }
  return null;
}

function invalidAt({ located }: TemplateError): ServiceError {
  return invalid(located);
}

export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationError", message);
}
