/** A CloudFormation template as plain data, and the place of every node. */
import { onOneLine } from "../printable.ts";
import type { Parameter } from "./parameter.ts";

/** The largest template that may be passed by body. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const maximumTemplateBytes = 51_200;
/** How many members the sections of one template may have, by the same page. */
export const maximumMembers = { resources: 500, parameters: 200, outputs: 200 };

/** The sections of a template, in the order of https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export const sectionNames = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Rules",
  "Mappings",
  "Conditions",
  "Transform",
  "Hooks",
  "Resources",
  "Outputs",
];

/** A node of a template as data; functions are in their long form, such as `{ "Fn::GetAtt": ["Queue", "Arn"] }`. */
export type TemplateValue = string | number | boolean | TemplateValue[] | TemplateMap;

export interface TemplateMap {
  [key: string]: TemplateValue;
}

/** A request may carry a null, which no template does. */
export function isMap(value: unknown): value is TemplateMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keys and indices from the root of a template to a node. */
export type TemplatePath = readonly (string | number)[];

export interface TemplateResource {
  logicalId: string;
  /** Such as `AWS::SQS::Queue`. */
  type: string;
  properties: TemplateMap;
  /** Name of the condition under which it is created. */
  condition: string | null;
  dependsOn: string[];
  /** The whole declaration, with every attribute that stands next to `Type` and `Properties`. */
  declaration: TemplateMap;
}

export interface TemplateOutput {
  name: string;
  value: TemplateValue;
  description: string | null;
  condition: string | null;
  declaration: TemplateMap;
}

/** Data only, so that it can be handed to another thread. */
export interface Template {
  description: string | null;
  parameters: Parameter[];
  mappings: TemplateMap;
  conditions: TemplateMap;
  resources: TemplateResource[];
  outputs: TemplateOutput[];
  metadata: TemplateMap;
  /** Names of the macros that the section Transform names. */
  transforms: string[];
  /** Names of the top-level sections that the template has. */
  sections: string[];
  places: Places;
}

/** Where a node's key or list item stands. */
export interface Place {
  /** null: the text has no file */
  file: string | null;
  /** from 1 */
  line: number;
}

/** The places of a template's nodes by their path, as JSON. */
export type Places = ReadonlyMap<string, Place>;

/** The place of a node, or of its nearest parent when there is no such node. */
export function placeOf({ places }: Pick<Template, "places">, path: TemplatePath): Place {
  for (let length = path.length; length >= 0; length--) {
    const place = places.get(JSON.stringify(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return { file: null, line: 1 };
}

/** One thing that is wrong with a template; in AWS's words where AWS says the same, and without a full stop. */
export interface TemplateFault {
  message: string;
  place: Place;
}

/** All that is wrong with a template, as far as it was found. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  /** at least one, in the order of their lines; those without a file first */
  readonly faults: readonly TemplateFault[];

  constructor(faults: readonly TemplateFault[]);
  constructor(message: string, place: Place);
  constructor(given: string | readonly TemplateFault[], place?: Place) {
    const faults = typeof given === "string" ? [{ message: given, place: place! }] : inOrder(given);
    super(faults[0]!.message);
    this.faults = faults;
  }

  /** of the first fault */
  get place(): Place {
    return this.faults[0]!.place;
  }

  /** Each fault with its place. */
  get located(): string {
    return this.faults.map(locatedFault).join("; ");
  }

  /** Each fault with its place, ended as a sentence; several stand in lines of their own. */
  get sentence(): string {
    const sentences = this.faults.map((fault) => asSentence(locatedFault(fault)));
    const [only, ...others] = sentences;
    return others.length === 0
      ? only!
      : `the template has ${sentences.length} faults:${sentences.map((each) => `\n  ${each}`).join("")}`;
  }
}

function inOrder(faults: readonly TemplateFault[]): TemplateFault[] {
  const rank = (place: Place) => (place.file === null ? 0 : 1);
  return [...faults].sort(
    ({ place: a }, { place: b }) => rank(a) - rank(b) || (a.file ?? "").localeCompare(b.file ?? "") || a.line - b.line,
  );
}

function locatedFault({ message, place: { file, line } }: TemplateFault): string {
  return onOneLine(`${file === null ? "" : `${file}, `}line ${line}: ${message}`);
}

/** The text with a full stop, unless it ends in a mark of its own. */
export function asSentence(text: string): string {
  return text.replace(/([^.?])$/, "$1.");
}
