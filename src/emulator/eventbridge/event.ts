/** An event on a bus, in the form in which targets get it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */

export interface BusEvent {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  /** ISO 8601, in whole seconds. */
  time: string;
  region: string;
  resources: readonly string[];
  detail: unknown;
}

/** A time as events have it. */
export function eventTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
