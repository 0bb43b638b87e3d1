/** Gives what was written and made as CloudFormation's data, with the place of every value. */
import type { Place, Places, TemplateMap, TemplatePath, TemplateValue } from "../../../template/template.ts";
import type { FilledIn, Unread } from "../../system.ts";
import { listIn, mapIn, textIn, under, type Written } from "./written.ts";

export interface CloudFormationData {
  root: TemplateValue;
  places: Places;
  filledIn: FilledIn[];
  unread: Unread[];
}

/** Resources that decide what becomes of an event. */
const deciding = /^AWS::(SQS|SNS|Kinesis|Lambda|Events|Scheduler|Pipes)::/;
/** Properties of these that decide nothing. */
const inert = new Set(
  "Architectures Code Description DisplayName Environment EphemeralStorage FunctionName Handler ImageConfig KmsKeyArn KmsMasterKeyId Layers LoggingConfig Name QueueName Role Runtime Tags TopicName TracingConfig VpcConfig".split(
    " ",
  ),
);

/** `template`: the sections of one. Values that are not known are left out, unless they are the name of something. */
export function cloudFormationData(template: Written): CloudFormationData {
  const reading = new Reading();
  const root = reading.map(template, [], false);
  return { root, places: reading.places, filledIn: reading.filledIn, unread: reading.unread };
}

class Reading {
  readonly places = new Map<string, Place>();
  readonly filledIn: FilledIn[] = [];
  readonly unread: Unread[] = [];

  /** `decides`: what cannot be read here is worth telling. */
  map(written: Written, path: TemplatePath, decides: boolean): TemplateMap {
    const entries: [string, TemplateValue][] = [];
    for (const [key, each] of mapIn(written) ?? []) {
      const isResource = path.length === 1 && path[0] === "Resources";
      const matters = isResource ? deciding.test(textIn(under(each, "Type")) ?? "") : decides && !inert.has(key);
      const value = this.#value(each, [...path, key], matters);
      if (value !== undefined) entries.push([key, value]);
    }
    this.places.set(JSON.stringify(path), written.place);
    return Object.fromEntries(entries);
  }

  /** undefined: there is none, or it is not known. */
  #value(written: Written, path: TemplatePath, decides: boolean): TemplateValue | undefined {
    this.places.set(JSON.stringify(path), written.place);
    if (written.filledIn !== undefined) this.filledIn.push({ path, ...written.filledIn });
    if (written.doubt !== undefined && decides) {
      this.unread.push({
        place: written.place,
        path: null,
        message: `${written.doubt}; until then it has its default`,
      });
    }
    if (written.unread !== undefined && !this.#isTaken(written, path, decides)) return undefined;
    if (mapIn(written) !== null) return this.map(written, path, decides);
    const list = listIn(written);
    if (list !== null) {
      return list
        .map((each, index) => this.#value(each, [...path, index], decides))
        .filter((each) => each !== undefined);
    }
    return typeof written.value === "string"
      ? text(written.value, path)
      : ((written.value ?? undefined) as TemplateValue | undefined);
  }

  /** A text of which some is known, and what names something, is taken as it stands. */
  #isTaken({ place, value, unread }: Written, path: TemplatePath, decides: boolean): boolean {
    const isWhole = typeof value !== "string" || /^\$\{[^{}]*\}$/.test(value);
    const isName = /(Arn|ARN|Name|Url|Endpoint|Destination|Source|Ref|Id)$|^Fn::/.test(
      String(path.findLast((key) => typeof key === "string")),
    );
    if (decides && isWhole) this.unread.push({ place, path, message: unread! });
    return value !== null && (!isWhole || isName || !decides);
  }
}

/** `#{AWS::Region}` is an older plugin's way of writing `${AWS::Region}`, which CloudFormation follows in a `Fn::Sub` alone. */
function text(value: string, path: TemplatePath): TemplateValue {
  const substituted = value.replaceAll(/#\{(AWS::\w+)\}/g, "${$1}");
  const isWithin = path.includes("Fn::Sub");
  return isWithin || !/\$\{AWS::\w+\}/.test(substituted) ? substituted : { "Fn::Sub": substituted };
}
