/** Schemas of scalars and lists as both kinds of protocol carry them: JSON has types, a query form and a path only text. */
import { z } from "zod";

export const integer = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ],
  {
    error: "it must be a whole number",
  },
);

export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
  error: "it must be true or false",
});

/** Seconds since the epoch or an ISO 8601 date; here integer milliseconds since the epoch. */
export const timestamp = z
  .union([z.number().transform((seconds) => Math.round(seconds * 1_000)), z.string().transform(Date.parse)])
  .refine(Number.isFinite, "it must be a timestamp");

/** A query form's empty value is the empty list. */
export function list<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === "" ? [] : value), z.array(schema));
}

/** Text by text; a query form's empty value is the empty map. */
export function map<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === "" ? {} : value), z.record(z.string(), schema));
}

/** Lists are answered in one page, so no token for a next one has ever been issued. */
export const pageToken = z.string().refine(() => false, "this token was not issued");

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html; blobs stay base64. */
export const messageAttributes = map(
  z.strictObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/, "it must be String, Number or Binary"),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
);

/** Without the members that are undefined: what is not asked for stays as it is. */
export function given<Settings extends object>(settings: Settings): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<Settings>;
}

/** Seconds, where any are given, in milliseconds. */
export function msOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
