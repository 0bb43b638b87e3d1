/** Templates of the AWS Serverless Application Model (SAM), expanded to CloudFormation as far as events are concerned. */
import type { Places, Template, TemplateMap, TemplateResource, TemplateValue } from "../../../template/template.ts";
import type { Format, System } from "../../system.ts";
import { readDeclared } from "../cloudformation.ts";
import { readDocument } from "../document.ts";
import { Expansion, type Made, type SamResource } from "./expansion.ts";
import { withGlobals } from "./globals.ts";
import { expandResource } from "./resources.ts";
import { Written } from "./written.ts";

const prefix = "AWS::Serverless::";

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html */
export const sam: Format = {
  name: "SAM",
  recognizes(root) {
    if (typeof root !== "object" || root === null) return false;
    const { Transform, Resources } = root as TemplateMap;
    if ([Transform ?? []].flat().some((each) => String(each).startsWith("AWS::Serverless-"))) return true;
    const resources = typeof Resources === "object" ? Object.values(Resources) : [];
    return resources.some((each) => typeof each === "object" && String((each as TemplateMap)?.Type).startsWith(prefix));
  },
  read(source) {
    const document = readDocument(source);
    const expansion = new Expansion();
    const written = Written.read(document.root, document.places, [], { file: source.file, line: 1 });
    const whole = withGlobals(written, (at, message) => expansion.refuse(at, message));
    const places: Places = new Map(whole.placesAt([]));
    const system = readDeclared({ format: "SAM", source, root: whole.value, places });
    return expanded(system, expansion);
  },
};

/** Replaces what is SAM's own by what CloudFormation has for it. */
function expanded(system: System, expansion: Expansion): System {
  const { template } = system;
  const whole = { file: system.file, line: 1 };
  for (const { logicalId, type, properties, condition, dependsOn, declaration } of template.resources) {
    const at = ["Resources", logicalId];
    const written = Written.read(declaration, template.places, at, whole);
    const place = written.place;
    expansion.declare({
      logicalId,
      type,
      properties: Written.read(properties, template.places, [...at, "Properties"], place),
      condition,
      dependsOn,
      place,
      declaration,
    });
  }
  for (const resource of expansion.resources) {
    if (resource.declaration === null || !resource.type.startsWith(prefix)) continue;
    expandResource(resource as SamResource, resource.type.slice(prefix.length), expansion);
  }
  expansion.refuseFaults();
  const places = new Map([...template.places].filter(([path]) => !path.startsWith('["Resources",')));
  const resources = expansion.resources.map((made): TemplateResource => {
    for (const [path, place] of placesOf(made)) places.set(path, place);
    return resourceOf(made, expansion.references);
  });
  const result: Template = { ...template, resources, places };
  return {
    ...system,
    template: result,
    filledIn: [...system.filledIn, ...expansion.filledIn],
    unread: [...system.unread, ...expansion.unread],
  };
}

function* placesOf({ logicalId, place, properties }: Made) {
  yield [JSON.stringify(["Resources", logicalId]), place] as const;
  yield* properties.placesAt(["Resources", logicalId, "Properties"]);
}

function resourceOf(
  { logicalId, type, properties, condition, dependsOn, declaration }: Made,
  references: ReadonlyMap<string, string>,
): TemplateResource {
  const known = withReferences(properties.value, references) as TemplateMap;
  const own: TemplateMap = declaration ?? (condition === null ? {} : { Condition: condition });
  return {
    logicalId,
    type,
    properties: known,
    condition,
    dependsOn,
    declaration: { ...own, Type: type, Properties: known },
  };
}

/**
 * `!Ref Worker.Alias` is a reference to the alias that SAM makes.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
function withReferences(value: TemplateValue, references: ReadonlyMap<string, string>): TemplateValue {
  if (typeof value !== "object" || references.size === 0) return value;
  if (Array.isArray(value)) return value.map((each) => withReferences(each, references));
  if (typeof value.Ref === "string") return { Ref: references.get(value.Ref) ?? value.Ref };
  const attribute = value["Fn::GetAtt"];
  if (Array.isArray(attribute)) return { "Fn::GetAtt": madeAttribute(attribute.join("."), references) };
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const text = (written: string) =>
        written.replace(/\$\{([^!${}]+)\}/g, (_, name) => `\${${madeName(name, references)}}`);
      const isText = key === "Fn::Sub" && typeof each === "string";
      return [key, isText ? text(each) : withReferences(each, references)];
    }),
  );
}

/** `Worker.DestinationQueue.Arn` as a name and its attribute. */
function madeAttribute(name: string, references: ReadonlyMap<string, string>): string[] {
  const [first, ...rest] = madeName(name, references).split(".");
  return [first!, rest.join(".")];
}

function madeName(name: string, references: ReadonlyMap<string, string>): string {
  const [first, second, ...rest] = name.split(".");
  const made = references.get(`${first}.${second}`);
  return made === undefined ? name : [made, ...rest].join(".");
}
