/** The section Globals of a SAM template: properties that all resources of a kind have. */
import { Written } from "./written.ts";

/** The kinds that Globals may name. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html */
const kinds = [
  "Api",
  "CapacityProvider",
  "Function",
  "HttpApi",
  "LayerVersion",
  "SimpleTable",
  "StateMachine",
  "WebSocketApi",
];

/** The template without Globals, which are merged into the resources; so in loops of Fn::ForEach as well. */
export function withGlobals(root: Written, refuse: (at: Written, message: string) => void): Written {
  const globals = root.get("Globals");
  const resources = root.get("Resources");
  if (globals === undefined || resources === undefined) return root;
  const entries = globals.entries.flatMap(([kind, properties]): [string, Written][] => {
    if (kinds.includes(kind) && properties.isMap) return [[`AWS::Serverless::${kind}`, properties]];
    const allowed = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(kinds);
    refuse(properties, `Globals has ${kind}, which SAM does not know; it takes maps of properties for ${allowed}`);
    return [];
  });
  return root.with({ Globals: undefined, Resources: mergedInto(resources, new Map(entries)) });
}

function mergedInto(resources: Written, globals: ReadonlyMap<string, Written>): Written {
  const merged = resources.entries.map(([name, resource]): [string, Written] => {
    const [identifier, collection, body] = resource.items;
    if (name.startsWith("Fn::ForEach::") && body !== undefined) {
      return [name, Written.of([identifier, collection, mergedInto(body, globals)], resource.place)];
    }
    const common = globals.get(resource.get("Type")?.text ?? "");
    if (common === undefined) return [name, resource];
    const taken = common.without(...ignored(resource.get("IgnoreGlobals"), common));
    const own = resource.get("Properties") ?? Written.of({}, resource.place);
    return [name, resource.with({ Properties: merge(taken, own).at(own.place) })];
  });
  return Written.of(Object.fromEntries(merged), resources.place);
}

/** The names of the properties that a resource does not take: those of a list, or all by `*`. */
function ignored(attribute: Written | undefined, common: Written): string[] {
  if (attribute === undefined) return [];
  if (attribute.text === "*") return common.entries.map(([name]) => name);
  return attribute.items.map(({ value }) => String(value));
}

/** Maps are merged, lists concatenated with the global's first, anything else is the resource's own. A function is one thing. */
function merge(common: Written, own: Written): Written {
  if (common.isList && own.isList) return Written.of([...common.items, ...own.items], own.place);
  if (!common.isMap || !own.isMap) return own;
  const members = own.entries.map(([key, each]): [string, Written] => {
    const inGlobals = common.get(key);
    return [key, inGlobals === undefined ? each : merge(inGlobals, each)];
  });
  return common.with(Object.fromEntries(members)).at(own.place);
}
