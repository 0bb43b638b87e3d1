/** Makes what is read from a disk like what is written today: reading is tolerant, writing is strict. */
import * as z from "zod";

/**
 * The value without the fields that the schema does not know, and with null for absent fields that may be null. So a version reads what
 * an earlier or a later one wrote. The schema refuses everything else. Keys keep their order.
 */
export function fitted(schema: unknown, value: unknown): unknown {
  if (schema instanceof z.ZodNullable) return value === null ? null : fitted(schema.unwrap(), value);
  if (schema instanceof z.ZodArray) {
    return Array.isArray(value) ? value.map((item) => fitted(schema.element, item)) : value;
  }
  if (!isObject(value)) return value;
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const option = schema.options.find(
      (one) => one instanceof z.ZodObject && one.shape[discriminator].safeParse(value[discriminator]).success,
    );
    return fitted(option, value);
  }
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, unknown> = schema.shape;
    const known = Object.entries(value).filter(([key]) => key in shape);
    const absent = Object.keys(shape).filter((key) => !(key in value) && shape[key] instanceof z.ZodNullable);
    return Object.fromEntries([
      ...known.map(([key, field]) => [key, fitted(shape[key], field)]),
      ...absent.map((key) => [key, null]),
    ]);
  }
  return value;
}

/** Says where and how a value breaks its schema, by the first fault. */
export function firstFault({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length > 0 ? `${path.join(".")}: ${message}` : message;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
