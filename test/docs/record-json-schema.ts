/** The record's schema as JSON Schema, for those who read records with other tools. */
import * as z from "zod";
import { figures } from "../../src/metrics/figures.ts";
import { runRecordSchema } from "../../src/records/schema.ts";

/** The text of `infra/run-record.schema.json`, by draft 2020-12. */
export function recordJsonSchemaText(): string {
  const schema = z.toJSONSchema(runRecordSchema) as Node;
  for (const [figure, { name, from, meaning }] of Object.entries(figures)) {
    const description = `${name}. ${meaning}`;
    describe(schema, from, description);
    describe(schema, `uncertainty.intervals.${figure}`, description);
  }
  const document = {
    $id: "https://throttle-bench.invalid/run-record/3",
    title: "throttle-bench run record, version 3",
    description:
      "What a run leaves behind. Times are integer milliseconds since the epoch unless they are ISO text; null is a figure that could not be had. `kind` says whether it is a prediction of the local model or a measurement.",
    ...schema,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  anyOf?: Node[];
}

/** Describes the value at the path, where the schema has one. A value that can be null is an `anyOf`. */
function describe(schema: Node, path: string, description: string): void {
  const node = path
    .split(".")
    .reduce<Node | undefined>(
      (part, key) => [part, ...(part?.anyOf ?? [])].find((one) => one?.properties)?.properties?.[key],
      schema,
    );
  if (node !== undefined) node.description = description;
}
