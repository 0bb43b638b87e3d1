/** `Fn::ForEach` of the transform AWS::LanguageExtensions: resources that are declared once for each item of a list. */
import { isMap, type Places, placeOf, type TemplateMap, type TemplateValue } from "../../template/template.ts";
import type { Unread } from "../system.ts";
import type { Evaluation } from "./evaluation.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html */
const forEach = "Fn::ForEach::";

/** The resources with every loop unrolled; the places of what it made are those of the loop. A loop over an unknown list is `unread`. */
export function withForEach(
  resources: TemplateMap,
  places: Places,
  evaluation: Evaluation,
): { resources: TemplateMap; places: Places; unread: Unread[] } {
  const loops = Object.keys(resources).filter((key) => key.startsWith(forEach));
  if (loops.length === 0) return { resources, places, unread: [] };
  const made: TemplateMap = {};
  const madePlaces = new Map(places);
  const unread: Unread[] = [];
  const loopPath = (key: string) => ["Resources", key];
  for (const [key, declaration] of Object.entries(resources)) {
    if (!key.startsWith(forEach)) {
      made[key] = declaration;
      continue;
    }
    const [identifier, collection, body] = Array.isArray(declaration) ? declaration : [];
    const items = collection === undefined ? undefined : evaluation.value(collection);
    const place = placeOf({ places }, loopPath(key));
    if (!Array.isArray(items) || items.some((each) => typeof each === "object") || !isMap(body)) {
      const message = `the list that ${key} goes over is not known; give it with --parameters`;
      unread.push({ place, path: null, message });
      continue;
    }
    for (const item of items.map(String)) {
      for (const [name, value] of Object.entries(body)) {
        const logicalId = replaced(name, String(identifier), item).replace(/[^A-Za-z0-9]/g, "");
        made[logicalId] = inItem(value, String(identifier), item);
        for (const [at, each] of places) {
          const path = JSON.parse(at) as (string | number)[];
          const [section, loop, index, template, ...rest] = path;
          if (section !== "Resources" || loop !== key || index !== 2 || template !== name) continue;
          madePlaces.set(JSON.stringify(["Resources", logicalId, ...rest]), each);
        }
      }
    }
  }
  return { resources: made, places: madePlaces, unread };
}

function inItem(value: TemplateValue, identifier: string, item: string): TemplateValue {
  if (typeof value === "string") return replaced(value, identifier, item);
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => inItem(each, identifier, item));
  if (value.Ref === identifier) return item;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [replaced(key, identifier, item), inItem(each, identifier, item)]),
  );
}

/** `${Name}` and `&{Name}`, whose value keeps letters and digits alone. */
function replaced(text: string, identifier: string, item: string): string {
  return text.replaceAll(`\${${identifier}}`, item).replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ""));
}
