/** Which resource a value names. */
import { referencesIn } from "./intrinsics.ts";
import type { TemplateResource, TemplateValue } from "./template.ts";

/** The only resource that a value refers to, by `!Ref`, `!GetAtt` or `!Sub`; null: it refers to none of these, or to several. */
export function resourceNamed(
  value: TemplateValue | undefined,
  resources: readonly TemplateResource[],
): TemplateResource | null {
  if (value === undefined) return null;
  const named = new Set([...referencesIn(value, [])].map(({ name }) => name));
  const found = resources.filter(({ logicalId }) => named.has(logicalId));
  return found.length === 1 ? found[0]! : null;
}

/** True where a value refers to the resource, beside whatever else it refers to. */
export function refersTo(value: TemplateValue, { logicalId }: TemplateResource): boolean {
  for (const { name } of referencesIn(value, [])) if (name === logicalId) return true;
  return false;
}

/** The value that stands at a path of keys in a value; undefined: there is none, or a function's value is not known yet. */
export function valueAt(value: TemplateValue | undefined, ...keys: string[]): TemplateValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof value !== "object" || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
  return valueAt(value[key], ...rest);
}
