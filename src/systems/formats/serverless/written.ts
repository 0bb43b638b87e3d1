/** The values that somebody wrote, with the place of every value, so that a value keeps its line wherever a variable or a rule of the framework carries it. */
import { type Place, type Places, placeOf, type TemplatePath, type TemplateValue } from "../../../template/template.ts";

export type WrittenMap = ReadonlyMap<string, Written>;

export interface Written {
  /** of its key, or of itself in a list */
  place: Place;
  /** null: nothing is there */
  value: string | number | boolean | null | readonly Written[] | WrittenMap;
  /** nobody wrote it: who fills it in, and the page that says so */
  filledIn?: { by: string; source: string };
  /** why it is not known, and what to do: a sentence without a full stop. `value` is then the variable as it is written, or what else is known of it */
  unread?: string;
  /** it is a default, in place of something that is not known: why that is not, and what to do */
  doubt?: string;
}

/** A value that a rule of the framework makes; what is undefined is left out. */
export type Made = Written | string | number | boolean | readonly Made[] | { [key: string]: Made | undefined };

/** `path`: to the value in `places`. */
export function writtenAs(value: TemplateValue, places: Places, path: TemplatePath = []): Written {
  const place = placeOf({ places }, path);
  if (typeof value !== "object") return { place, value };
  if (Array.isArray(value)) {
    return { place, value: value.map((each, index) => writtenAs(each, places, [...path, index])) };
  }
  const entries = Object.entries(value).map(([key, each]) => [key, writtenAs(each, places, [...path, key])] as const);
  return { place, value: new Map(entries) };
}

/** `place` is the one of what the rule makes the value of; what holds one value alone stands where that does. */
export function made(place: Place, value: Made): Written {
  if (typeof value !== "object") return { place, value };
  if (Array.isArray(value)) {
    const items = value.map((each: Made) => made(place, each));
    return { place: items.length === 1 ? items[0]!.place : place, value: items };
  }
  if (isWritten(value)) return value;
  const entries = Object.entries(value as Record<string, Made | undefined>)
    .filter((entry): entry is [string, Made] => entry[1] !== undefined)
    .map(([key, each]) => [key, made(place, each)] as const);
  return { place: entries.length === 1 ? entries[0]![1].place : place, value: new Map(entries) };
}

function isWritten(value: object): value is Written {
  return "place" in value && "value" in value;
}

/** Null where it is no map. */
export function mapIn(written: Written | undefined): WrittenMap | null {
  return written?.value instanceof Map ? written.value : null;
}

/** Null where it is no list. */
export function listIn(written: Written | undefined): readonly Written[] | null {
  return Array.isArray(written?.value) ? written.value : null;
}

/** Null where it is no text or number, or is not known. */
export function textIn(written: Written | undefined): string | null {
  if (written === undefined || written.unread !== undefined) return null;
  const { value } = written;
  return value === null || typeof value === "object" ? null : String(value);
}

/** The value at keys, each that of a map; undefined: there is none. */
export function under(written: Written | undefined, ...keys: string[]): Written | undefined {
  let found = written;
  for (const key of keys) found = mapIn(found)?.get(key);
  return found?.value === null ? undefined : found;
}

/** The second on the first: maps by key, as deep as they go, and whatever else the second has. */
export function merged(under: Written | undefined, over: Written): Written {
  const [below, above] = [mapIn(under), mapIn(over)];
  if (below === null || above === null) return over.value === null && under !== undefined ? under : over;
  const entries = new Map(below);
  for (const [key, value] of above) entries.set(key, merged(below.get(key), value));
  return { place: under!.place, value: entries };
}

/** The value as data of CloudFormation wants it where a number or a boolean stands: a text that is one becomes it, and what is not known is left out. */
export function plain(written: Written | undefined): Written | undefined {
  if (written === undefined || written.value === null) return undefined;
  if (written.unread !== undefined) return { ...written, value: null };
  const { value } = written;
  if (typeof value !== "string") return written;
  if (/^(true|false)$/i.test(value)) return { ...written, value: value.toLowerCase() === "true" };
  return value.trim() !== "" && Number.isFinite(Number(value)) ? { ...written, value: Number(value) } : written;
}
