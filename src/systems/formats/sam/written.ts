/** Values with the lines they were written at, so that what is made of them keeps those lines. */
import { callOf } from "../../../template/calls.ts";
import type { Place, Places, TemplatePath, TemplateValue } from "../../../template/template.ts";

type Scalar = string | number | boolean;

/** The parts that a value is made of: those that were written keep their lines, the others have those of the whole; parts that are undefined are left out. */
export type Parts = Scalar | Written | undefined | readonly Parts[] | { [key: string]: Parts };

/** A value with its line, and its parts with theirs. */
export class Written {
  private constructor(
    private readonly data: Scalar | readonly Written[] | ReadonlyMap<string, Written>,
    readonly place: Place,
  ) {}

  /** `path`: where the value stands in the file whose `places` these are; `place`: that of its nearest parent. */
  static read(value: TemplateValue, places: Places, path: TemplatePath, place: Place): Written {
    const at = places.get(JSON.stringify(path)) ?? place;
    if (Array.isArray(value)) {
      return new Written(
        value.map((each, index) => Written.read(each, places, [...path, index], at)),
        at,
      );
    }
    if (typeof value !== "object") return new Written(value, at);
    const entries = Object.entries(value).map(([key, each]) => {
      return [key, Written.read(each, places, [...path, key], at)] as const;
    });
    return new Written(new Map(entries), at);
  }

  static of(parts: Exclude<Parts, undefined>, place: Place): Written {
    if (parts instanceof Written) return parts;
    const isThere = (part: Parts): part is Exclude<Parts, undefined> => part !== undefined;
    if (Array.isArray(parts)) {
      return new Written(
        (parts as readonly Parts[]).filter(isThere).map((part) => Written.of(part, place)),
        place,
      );
    }
    if (typeof parts !== "object") return new Written(parts, place);
    const entries = Object.entries(parts).flatMap(([key, part]) => {
      return isThere(part) ? [[key, Written.of(part, place)] as const] : [];
    });
    return new Written(new Map(entries), place);
  }

  get value(): TemplateValue {
    const { data } = this;
    if (Array.isArray(data)) return (data as readonly Written[]).map(({ value }) => value);
    if (data instanceof Map) return Object.fromEntries([...data].map(([key, each]) => [key, each.value]));
    return data as Scalar;
  }

  /** undefined: it is no text, number or boolean */
  get text(): string | undefined {
    return typeof this.data === "object" ? undefined : String(this.data);
  }

  get isTrue(): boolean {
    return /^true$/i.test(this.text ?? "");
  }

  /** A call of a function stands for a value, and is no map. */
  get isMap(): boolean {
    return this.data instanceof Map && callOf(this.value) === undefined;
  }

  get isList(): boolean {
    return Array.isArray(this.data);
  }

  /** none where it is no list */
  get items(): readonly Written[] {
    return Array.isArray(this.data) ? this.data : [];
  }

  /** none where it is no map */
  get entries(): [string, Written][] {
    return this.isMap ? [...(this.data as ReadonlyMap<string, Written>)] : [];
  }

  get(...keys: string[]): Written | undefined {
    const [key, ...rest] = keys;
    if (key === undefined) return this;
    return this.data instanceof Map ? (this.data as ReadonlyMap<string, Written>).get(key)?.get(...rest) : undefined;
  }

  /** The map with some of its members replaced, added or (undefined) taken out. */
  with(members: { [key: string]: Parts }): Written {
    return Written.of({ ...Object.fromEntries(this.entries), ...members }, this.place);
  }

  without(...keys: string[]): Written {
    return this.with(Object.fromEntries(keys.map((key) => [key, undefined])));
  }

  /** The same value with another line for the whole of it. */
  at(place: Place): Written {
    return new Written(this.data, place);
  }

  /** Says where each part of it stands when the whole stands at `path`. */
  *placesAt(path: TemplatePath): Iterable<[string, Place]> {
    yield [JSON.stringify(path), this.place];
    const { data } = this;
    if (typeof data !== "object") return;
    const parts: Iterable<[string | number, Written]> = data instanceof Map ? data : (data as Written[]).entries();
    for (const [key, part] of parts) yield* part.placesAt([...path, key]);
  }
}

/** The ARN of a resource of the template. */
export function arnOf(logicalId: string): { "Fn::GetAtt": string[] } {
  return { "Fn::GetAtt": [logicalId, "Arn"] };
}

/** The logical ID that a reference names, as a Ref or by an attribute; null: it is no plain reference. */
export function referred(value: TemplateValue | undefined): string | null {
  const call = value === undefined ? undefined : callOf(value);
  if (call?.name === "Ref") return String(call.argument);
  return call?.name === "Fn::GetAtt" && Array.isArray(call.argument) ? String(call.argument[0]) : null;
}
