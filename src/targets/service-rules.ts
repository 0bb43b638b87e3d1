/** AWS's documented rules, as the checks before a run need them, whatever the target. */
import { pseudoParametersOf } from "../emulator/cloudformation/pseudo-parameters.ts";
import { problemsOf, typeNamed, valuesOutOfBounds } from "../emulator/cloudformation/validation.ts";
import { accountId, localRegion, resourceTypes } from "../emulator/emulator.ts";
import { windowRule } from "../emulator/lambda/mappings/queue-settings.ts";
import { type Constants, constantsOf, platforms } from "../emulator/platforms/platforms.ts";
import type { Ignored, Scenario, Settings } from "../model.ts";
import type { Fault } from "../scenarios/fault.ts";
import type { ServiceDefaults } from "../scenarios/queue-reading.ts";
import { effectiveTemplate } from "../template/effective.ts";

const today = constantsOf("2026");

export const serviceDefaults: ServiceDefaults = {
  visibilitySeconds: today["sqs.defaultVisibilityTimeoutMs"] / 1_000,
  timeoutSeconds: today["lambda.defaultTimeoutMs"] / 1_000,
  batchSize: today["mapping.defaultQueueBatchSize"],
  streamBatchSize: today["mapping.defaultStreamBatchSize"],
  retries: today["lambda.asyncMaximumRetryAttempts"],
  windowRule: windowRule(today),
};

/** The pseudo parameters of a local run that are known before its stack is there. */
export const localPseudoParameters = pseudoParametersOf({ accountId, region: localRegion });

/** A value that AWS fills in where nobody wrote one. */
export interface AwsDefault {
  value: string;
  /** the page that says so */
  source: string;
}

/** `perUnit`: how many of the model's units one of the property's is, such as 1,000 for seconds. */
export function awsDefault(name: keyof Constants, perUnit = 1): AwsDefault {
  const { value, source } = platforms["2026"][name];
  return { value: String(value / perUnit), source };
}

/** The values that a service would refuse while it makes the resource. */
export function outOfBounds({ template }: Scenario, settings: Settings): Fault[] {
  const { resources } = effectiveTemplate(template, settings);
  return [...valuesOutOfBounds(resources, resourceTypes)].map(({ path, message }) => ({ path, message }));
}

/** Everything that CloudFormation or the model would refuse of the template itself, whatever the settings are. */
export function unmodelled({ template }: Scenario): Fault[] {
  return [...problemsOf(template, resourceTypes)].map(({ path, message }) => ({ path, message }));
}

/** The parts of a template that change no event, and the code that never runs. */
export function ignoredIn({ template }: Pick<Scenario, "template">, replacedCode: string[]): Ignored {
  const known = template.resources.map((resource) => ({ ...resource, is: typeNamed(resourceTypes, resource.type) }));
  const inert = known.map((each) => ({ ...each, parts: each.is?.inertIn?.(each.properties) ?? [] }));
  const properties = inert.map(({ is, properties: given, parts }) =>
    parts === "all" ? [] : [...(is?.inertProperties ?? []).filter((name) => name in given), ...parts],
  );
  return {
    resources: inert.flatMap(({ logicalId, type, is, parts }) =>
      is?.inert === undefined && parts !== "all" ? [] : [{ logicalId, type, decides: is?.inert?.decides ?? null }],
    ),
    properties: {
      names: [...new Set(properties.flat())].sort(),
      resources: properties.filter((names) => names.length > 0).length,
    },
    replacedCode,
  };
}

export const nothingIgnored: Ignored = {
  resources: [],
  properties: { names: [], resources: 0 },
  replacedCode: [],
};
