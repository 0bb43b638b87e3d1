/** The records as they are on disk, always as an array. */
import type { RunRecord } from "../../model.ts";
import type { TextFormat } from "../format.ts";

export const json: TextFormat<RunRecord> = {
  name: "json",
  help: "print the records as a JSON array",
  text: (records) => JSON.stringify(records, null, 2),
};
