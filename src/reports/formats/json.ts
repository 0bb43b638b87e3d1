/** The records as they are on disk: one as an object, several as an array. */
import type { Report } from "../report.ts";

export const json: Report = {
  render: (records) => JSON.stringify(records.length === 1 ? records[0] : records, null, 2),
};
