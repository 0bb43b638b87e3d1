/** Schemas of the members of requests. JSON has types, a query form and a path have only text. */
import * as z from "zod";
import type { TemplateValue } from "../../template/template.ts";
import {
  flag as flagProperty,
  integer as integerProperty,
  type Property,
  Reading,
  type Shape,
  type ValueOf,
} from "../template/properties.ts";

/** A member that is read as a resource type's property is. */
export function member<T>(property: Property<T>) {
  return z.unknown().transform((value, context): T => {
    if (value === undefined) {
      context.addIssue({ code: "invalid_type", expected: "nonoptional", input: undefined });
      return z.NEVER;
    }
    const reading = new Reading(true);
    const read = property(value as TemplateValue, [], reading);
    for (const { path, message, kind } of reading.problems) {
      if (kind === "unmodelled") {
        context.addIssue({
          code: "unrecognized_keys",
          keys: [String(path.at(-1))],
          path: path.slice(0, -1),
          input: value as Record<string, unknown>,
        });
      } else if (kind === "missing") {
        context.addIssue({ code: "invalid_type", expected: "nonoptional", path: [...path], input: undefined });
      } else {
        context.addIssue({ code: "custom", message, path: [...path], input: value });
      }
    }
    return read;
  });
}

/** The members of a shape that a resource type has, too, none of them required. */
export function members<S extends Shape>(shape: S) {
  const entries = Object.entries(shape).map(([name, property]) => [name, member(property).optional()]);
  return Object.fromEntries(entries) as { [K in keyof S]: z.ZodOptional<z.ZodType<ValueOf<S[K]>>> };
}

export const integer = member(integerProperty);

export const flag = member(flagProperty);

/** Bytes, or their base64 as JSON carries them. */
export const blob = z.union([
  z.instanceof(Uint8Array),
  z
    .string()
    .refine((text) => text.length % 4 === 0 && base64.test(text), "must be base64")
    .transform((text): Uint8Array => Buffer.from(text, "base64")),
]);

/** Read in one pass, because an archive has some 70 MB of it. */
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Seconds since the epoch or an ISO 8601 date; here integer milliseconds since the epoch. */
export const timestamp = z
  .union([z.number().transform((seconds) => Math.round(seconds * 1_000)), z.string().transform(Date.parse)])
  .refine((ms) => Math.abs(ms) <= farthestMs, "must be a timestamp");

/** No date is farther away: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const farthestMs = 8.64e15;

/** A query form's empty value is the empty list. */
export function list<Schema extends z.ZodType>(schema: Schema, most = Number.POSITIVE_INFINITY) {
  return z.preprocess((value) => (value === "" ? [] : value), z.array(schema).max(most));
}

/** Text by text; a query form's empty value is the empty map. */
export function map<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === "" ? {} : value), z.record(z.string(), schema));
}

/** A list that is answered in one page issues no token for a next one. */
export const noPageToken = z.string().refine(() => false, "this token was not issued");

/** The token of a page: the number of the item that it begins with. */
export const pageToken = z.string().regex(/^page-\d{1,6}$/, "this token was not issued");

/** A page of a list, of at most so many items. `next` is the token of the page after it; undefined on the last. */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
  most: number,
): { items: Item[]; next: string | undefined } {
  const from = Number(token?.slice("page-".length) ?? 0);
  const to = from + most;
  return { items: items.slice(from, to), next: to < items.length ? `page-${to}` : undefined };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html; blobs stay base64. */
export const messageAttributes = map(
  z.strictObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/, "must be String, Number or Binary"),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
);
