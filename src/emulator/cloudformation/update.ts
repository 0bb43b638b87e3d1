/** An update of a stack: which resources come, go and change from one version to the next, and whether a change can be made in place. */

import type { Resolved, Scope } from "../../template/intrinsics.ts";
import { referencedParameter } from "../../template/parameter.ts";
import type { TemplateMap, TemplateValue } from "../../template/template.ts";
import type { ResourceType } from "../account.ts";
import { eachOnce, holds, resolve } from "./functions.ts";
import type { Change, Version } from "./records.ts";
import { invalid, requireResolved } from "./validation.ts";

/** @throws ServiceError `ValidationError` for a resource that changes its type, or a reference that leads nowhere. */
export function changesBetween(
  before: Version | null,
  after: Version,
  pseudo: ReadonlyMap<string, Resolved>,
): Change[] {
  const old = before === null ? new Map<string, ResolvedResource>() : resolvedResources(before, pseudo);
  const next = resolvedResources(after, pseudo);
  requireResolved(after.template, new Set(next.keys()), scopeOf(after, pseudo).condition);
  const retyped = [...next].filter(([id, { type }]) => old.has(id) && old.get(id)!.type !== type).map(([id]) => id);
  if (retyped.length > 0) {
    throw invalid(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${retyped.join(", ")}]`,
    );
  }
  const taken = [...next].flatMap(([logicalId, { type, declared, resolved }]): Change[] => {
    const earlier = old.get(logicalId);
    if (earlier === undefined) return [{ action: "Add", logicalId, type, properties: [] }];
    const properties = [...new Set([...Object.keys(earlier.resolved), ...Object.keys(resolved)])]
      .filter((name) => !isSame(earlier.resolved[name], resolved[name]))
      .map((name) => ({ name, byParameter: isSame(earlier.declared[name], declared[name]) }));
    return properties.length === 0 ? [] : [{ action: "Modify", logicalId, type, properties }];
  });
  const removed = [...old]
    .filter(([logicalId]) => !next.has(logicalId))
    .map(([logicalId, { type }]): Change => ({ action: "Remove", logicalId, type, properties: [] }));
  return [...taken, ...removed];
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface ResolvedResource {
  type: string;
  declared: TemplateMap;
  resolved: TemplateMap;
}

/** The resources with every parameter and condition applied. A reference to a resource becomes its name, because an update keeps the resource. */
function resolvedResources(version: Version, pseudo: ReadonlyMap<string, Resolved>): Map<string, ResolvedResource> {
  const scope = scopeOf(version, pseudo);
  return new Map(
    version.template.resources
      .filter(({ condition }) => condition === null || scope.condition(condition))
      .map(({ logicalId, type, properties }) => [
        logicalId,
        { type, declared: properties, resolved: resolve(properties, scope) as TemplateMap },
      ]),
  );
}

function scopeOf({ template, values }: Version, pseudo: ReadonlyMap<string, Resolved>): Scope {
  const scope: Scope = {
    mappings: template.mappings,
    ref: (name) => pseudo.get(name) ?? referencedParameter(template.parameters, values, name) ?? `\${${name}}`,
    attribute: (logicalId, attribute) => `\${${logicalId}.${attribute}}`,
    condition: eachOnce((name) => holds(template.conditions[name] as TemplateValue, scope)),
  };
  return scope;
}

/** @throws ServiceError `ValidationError` for a change that the model cannot make in place. */
export function requireUpdatable(
  { action, logicalId, type, properties }: Change,
  { update, replacedBy }: Pick<ResourceType, "update" | "replacedBy">,
): void {
  const replacing = properties.find(({ name }) => replacedBy.includes(name));
  if (action !== "Modify" || (update !== null && replacing === undefined)) return;
  const names = (replacing ? [replacing] : properties).map(({ name }) => name).join(", ");
  throw invalid(`the local target does not model an update of ${names} of ${type} (${logicalId})`);
}
