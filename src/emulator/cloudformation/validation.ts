/** What a template must be for a stack to be made of it here: what is not modelled is refused by name and line. */
import { readTemplate, type Template, TemplateError, type TemplatePath } from "../../template.ts";
import { resourceTypes } from "../resources/resources.ts";
import { ServiceError } from "../service-error.ts";
import { callsIn, conditionFunctions, referencesIn, valueFunctions } from "./intrinsics.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const maximumTemplateBytes = 51_200;

export const pseudoParameters = new Set(
  ["AccountId", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix"].map((name) => `AWS::${name}`),
);

const modelledSections = new Set([
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
]);

/** What may stand beside a resource's type and properties; a deletion policy of `Delete` is what happens anyway. */
const modelledAttributes = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "Metadata",
  "DeletionPolicy",
  "UpdateReplacePolicy",
]);

/** Reads and checks a template. @throws ServiceError `ValidationError`. */
export function checkedTemplate(body: string): Template {
  if (Buffer.byteLength(body) > maximumTemplateBytes) {
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maximumTemplateBytes}`,
    );
  }
  const template = read(body);
  for (const problem of problemsOf(template)) {
    throw invalid(`line ${template.lineOf(problem.path)}: ${problem.message}`);
  }
  const unresolved = unresolvedNames(template);
  if (unresolved.length > 0) {
    const line = Math.min(...unresolved.map(({ path }) => template.lineOf(path)));
    const names = [...new Set(unresolved.map(({ name }) => name))].join(", ");
    throw invalid(
      `line ${line}: Template format error: Unresolved resource dependencies [${names}] in the Resources block of the template`,
    );
  }
  const circle = circleIn(template);
  if (circle) {
    const [first] = circle;
    throw invalid(
      `line ${template.lineOf(["Resources", first!])}: Circular dependency between resources: [${circle.join(", ")}]`,
    );
  }
  return template;
}

/** The resources that each resource needs: by Ref, GetAtt, Sub and DependsOn. */
export function dependenciesOf(template: Template): Map<string, Set<string>> {
  const resources = new Set(template.resources.map(({ logicalId }) => logicalId));
  return new Map(
    template.resources.map(({ logicalId, properties, dependsOn }) => {
      const names = [...referencesIn(properties, [])].map(({ name }) => name).filter((name) => resources.has(name));
      return [logicalId, new Set([...names, ...dependsOn])];
    }),
  );
}

interface Problem {
  path: TemplatePath;
  message: string;
}

function read(body: string): Template {
  try {
    return readTemplate(body);
  } catch (error) {
    if (error instanceof TemplateError) throw invalid(`line ${error.line}: ${error.message}`);
    throw error;
  }
}

function* problemsOf(template: Template): Iterable<Problem> {
  for (const section of template.sections) {
    if (!modelledSections.has(section)) {
      yield { path: [section], message: `the section ${section} is not modelled by the local target` };
    }
  }
  yield* resourceProblems(template);
  yield* functionProblems(template);
  yield* conditionProblems(template);
  yield* attributeProblems(template);
}

function* resourceProblems(template: Template): Iterable<Problem> {
  for (const { logicalId, type, properties, declaration } of template.resources) {
    const path = ["Resources", logicalId];
    const known = resourceTypes.get(type);
    if (!known) {
      const modelled = [...resourceTypes.keys()].join(", ");
      yield {
        path: [...path, "Type"],
        message: `${type} (${logicalId}) is not modelled by the local target; modelled are ${modelled}`,
      };
      continue;
    }
    for (const [attribute, value] of Object.entries(declaration)) {
      const isKept = attribute.endsWith("Policy") && value !== "Delete";
      if (modelledAttributes.has(attribute) && !isKept) continue;
      yield {
        path: [...path, attribute],
        message: `the attribute ${attribute} of ${type} (${logicalId}) is not modelled by the local target${isKept ? " unless it is Delete" : ""}`,
      };
    }
    for (const problem of known.check(properties)) {
      yield {
        path: [...path, "Properties", ...problem.path],
        message: `property ${problem.path.join(".")} of ${type} (${logicalId}) ${problem.message}`,
      };
    }
  }
}

function* functionProblems({ resources, outputs, conditions }: Template): Iterable<Problem> {
  const places: [TemplatePath, Parameters<typeof callsIn>[0], Set<string>][] = [
    ...resources.map(
      ({ logicalId, properties }) => [["Resources", logicalId, "Properties"], properties, valueFunctions] as never,
    ),
    ...outputs.map(({ name, value }) => [["Outputs", name, "Value"], value, valueFunctions] as never),
    [["Conditions"], conditions, new Set([...valueFunctions, ...conditionFunctions])],
  ];
  for (const [at, value, modelled] of places) {
    for (const { name, path } of callsIn(value, at)) {
      if (!modelled.has(name)) yield { path, message: `the function ${name} is not modelled by the local target here` };
    }
  }
}

function* conditionProblems({ resources, outputs, conditions }: Template): Iterable<Problem> {
  const missing = (name: string, path: TemplatePath): Problem[] =>
    Object.hasOwn(conditions, name)
      ? []
      : [{ path, message: `Template format error: Unresolved condition dependency ${name}` }];
  for (const { logicalId, condition, properties } of resources) {
    if (condition !== null) yield* missing(condition, ["Resources", logicalId, "Condition"]);
    for (const { name, argument, path } of callsIn(properties, ["Resources", logicalId, "Properties"])) {
      if (name === "Fn::If" && Array.isArray(argument)) yield* missing(String(argument[0]), path);
    }
  }
  for (const { name, condition } of outputs) {
    if (condition !== null) yield* missing(condition, ["Outputs", name, "Condition"]);
  }
}

function* attributeProblems(template: Template): Iterable<Problem> {
  const types = new Map(template.resources.map(({ logicalId, type }) => [logicalId, type]));
  for (const { name, attribute, path } of allReferences(template)) {
    const type = types.get(name);
    if (attribute === null || type === undefined) continue;
    const attributes = resourceTypes.get(type)?.attributes ?? [];
    if (!attributes.includes(attribute)) {
      yield {
        path,
        message: `the attribute ${attribute} of ${type} (${name}) does not exist or is not modelled by the local target`,
      };
    }
  }
}

function* allReferences({ resources, outputs }: Template) {
  for (const { logicalId, properties } of resources)
    yield* referencesIn(properties, ["Resources", logicalId, "Properties"]);
  for (const { name, value } of outputs) yield* referencesIn(value, ["Outputs", name, "Value"]);
}

function unresolvedNames(template: Template): { name: string; path: TemplatePath }[] {
  const resources = new Set(template.resources.map(({ logicalId }) => logicalId));
  const parameters = new Set(template.parameters.map(({ name }) => name));
  const references = [...allReferences(template)].filter(
    ({ name, attribute }) =>
      !resources.has(name) && (attribute !== null || !(parameters.has(name) || pseudoParameters.has(name))),
  );
  const dependencies = template.resources.flatMap(({ logicalId, dependsOn }) =>
    dependsOn
      .filter((name) => !resources.has(name))
      .map((name) => ({ name, path: ["Resources", logicalId, "DependsOn"] as TemplatePath })),
  );
  return [...references, ...dependencies];
}

/** The resources of a circle of dependencies; null when there is none. */
function circleIn(template: Template): string[] | null {
  const dependencies = dependenciesOf(template);
  const finished = new Set<string>();
  const visit = (logicalId: string, trail: string[]): string[] | null => {
    if (trail.includes(logicalId)) return trail.slice(trail.indexOf(logicalId));
    if (finished.has(logicalId)) return null;
    for (const next of dependencies.get(logicalId)!) {
      const circle = visit(next, [...trail, logicalId]);
      if (circle) return circle;
    }
    finished.add(logicalId);
    return null;
  };
  for (const { logicalId } of template.resources) {
    const circle = visit(logicalId, []);
    if (circle) return circle;
  }
  return null;
}

export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationError", message);
}
