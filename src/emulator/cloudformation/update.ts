/** An update of a stack: which properties change from one version to the next, and whether that can be done in place. */

import type { Resolved, Scope } from "../../template/intrinsics.ts";
import { referencedParameter } from "../../template/parameter.ts";
import type { TemplateMap, TemplateValue } from "../../template/template.ts";
import type { ResourceType } from "../account.ts";
import { holds, resolve } from "./functions.ts";
import type { Version } from "./records.ts";
import { invalid } from "./validation.ts";

interface Change {
  logicalId: string;
  type: string;
  /** Names of the properties that differ. */
  properties: string[];
}

/** @throws ServiceError `ValidationError` for a resource that comes, goes or changes its type. */
export function changedProperties(before: Version, after: Version, pseudo: ReadonlyMap<string, Resolved>): Change[] {
  const [old, next] = [resolvedResources(before, pseudo), resolvedResources(after, pseudo)];
  for (const [logicalId, { type }] of [...old, ...next]) {
    if (old.get(logicalId)?.type === type && next.get(logicalId)?.type === type) continue;
    throw invalid(`the local target does not model an update that adds or removes a resource: ${logicalId} (${type})`);
  }
  return [...next].flatMap(([logicalId, { type, properties }]) => {
    const earlier = old.get(logicalId)!.properties;
    const names = [...new Set([...Object.keys(earlier), ...Object.keys(properties)])].filter(
      (name) => JSON.stringify(earlier[name]) !== JSON.stringify(properties[name]),
    );
    return names.length === 0 ? [] : [{ logicalId, type, properties: names }];
  });
}

/** The resources with every parameter and condition applied. A reference to a resource becomes its name, because an update keeps the resource. */
function resolvedResources(
  { template, values }: Version,
  pseudo: ReadonlyMap<string, Resolved>,
): Map<string, { type: string; properties: TemplateMap }> {
  const scope: Scope = {
    mappings: template.mappings,
    ref: (name) => pseudo.get(name) ?? referencedParameter(template.parameters, values, name) ?? `\${${name}}`,
    attribute: (logicalId, attribute) => `\${${logicalId}.${attribute}}`,
    condition: (name) => holds(template.conditions[name] as TemplateValue, scope),
  };
  return new Map(
    template.resources
      .filter(({ condition }) => condition === null || scope.condition(condition))
      .map(({ logicalId, type, properties }) => [
        logicalId,
        { type, properties: resolve(properties, scope) as TemplateMap },
      ]),
  );
}

/** @throws ServiceError `ValidationError` for a change that the model cannot make in place. */
export function requireUpdatable(
  { logicalId, type, properties }: Change,
  { update, replacedBy }: Pick<ResourceType, "update" | "replacedBy">,
): void {
  const replacing = properties.find((name) => replacedBy.includes(name));
  if (update !== null && replacing === undefined) return;
  const what = `${replacing ?? properties.join(", ")} of ${type} (${logicalId})`;
  throw invalid(`the local target does not model an update of ${what}`);
}
