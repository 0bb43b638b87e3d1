/** A served model names itself in a header of each answer, so that a run against it is a prediction, and lives by its clock. */
import * as z from "zod";
import type { ModelName } from "../model.ts";

export const modelHeader = "x-throttle-bench-model";

/** The path of the virtual clock: GET reads it, `POST ?sleep=5000` sleeps by it (milliseconds). AWS has no such path. */
export const clockPath = "/_throttle-bench/clock";

/** The path that tells which databases the rows of a served model go to. AWS has no such path. */
export const databasesPath = "/_throttle-bench/databases";

const modelName: z.ZodType<ModelName> = z.strictObject({
  platform: z.enum(["2020", "2026"]),
  profile: z
    .strictObject({
      name: z.string(),
      endpoint: z.string().nullable(),
      measuredAt: z.string(),
      hash: z.string(),
      constants: z.record(z.string(), z.number()),
    })
    .nullable(),
  modelHash: z.string(),
  seed: z.number().int(),
  assumptions: z.array(
    z.strictObject({
      name: z.string(),
      value: z.union([z.number(), z.literal("none")]),
      unit: z.string(),
      origin: z.enum(["given", "configuration", "drawn", "profile", "platform"]),
      range: z.tuple([z.number(), z.number()]).nullable(),
      decided: z.number().nullable(),
    }),
  ),
});

/** The header's value: JSON, in ASCII as headers are. */
export function formatModel({ platform, profile, modelHash, seed, assumptions }: ModelName): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify({ platform, profile, modelHash, seed, assumptions } satisfies ModelName).replace(
    /[^ -~]/g,
    escaped,
  );
}

/** null: there is no such header, or it holds something else. */
export function parseModel(header: string | undefined): ModelName | null {
  try {
    return modelName.safeParse(JSON.parse(header ?? "")).data ?? null;
  } catch {
    return null;
  }
}
