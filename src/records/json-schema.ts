/** The record's schema as JSON Schema, for those who read records with other tools. */
import { z } from "zod";
import { runRecordSchema } from "./schema.ts";

/** Draft 2020-12; `infra/run-record.schema.json` is its text. */
export function recordJsonSchema(): object {
  return {
    $id: "https://throttle-bench.invalid/run-record/2",
    title: "throttle-bench run record, version 2",
    description:
      "What a run leaves behind. Times are integer milliseconds since the epoch unless they are ISO text; null is a figure that could not be had. `kind` says whether it is a prediction of the local model or a measurement.",
    ...z.toJSONSchema(runRecordSchema),
  };
}

/** As the file has it. */
export function recordJsonSchemaText(): string {
  return `${JSON.stringify(recordJsonSchema(), null, 2)}\n`;
}
