/** Rows of the probes as an account would leave them whose numbers the test knows. */
import type { Row } from "../../../src/model.ts";
import { samplesOf } from "./a-sample.ts";

export interface Numbers {
  insertMs: number;
  sigma: number;
  overheadMs: number;
  publishMs: number;
  deliveryMs: number;
  deliverySigma: number;
  dispatchMs: number;
  coldStartMs: number;
  coldStartSigma: number;
  connectMs: number;
  /** how far the database's clock is ahead */
  offsetMs: number;
}

export const numbers: Numbers = {
  insertMs: 60,
  sigma: 0.25,
  overheadMs: 130,
  publishMs: 20,
  deliveryMs: 55,
  deliverySigma: 0.4,
  dispatchMs: 45,
  coldStartMs: 350,
  coldStartSigma: 0.3,
  connectMs: 900,
  offsetMs: 0,
};

const start = Date.UTC(2026, 0, 1);

type Part = Pick<Row, "id" | "sentAt" | "startedAt" | "batchId" | "cacheId" | "createdAt">;

function rowOf(part: Part): Row {
  const { sentAt, startedAt, createdAt } = part;
  const whole = { sentAt: Math.round(sentAt), startedAt: Math.round(startedAt), createdAt: Math.round(createdAt) };
  return { ...part, ...whole, groupId: "run/consumer" };
}

/** Two pollers that are never out of work, and an instance to each. */
export function batchRows(of: Numbers, seed = 1, batches = 120): Row[] {
  const samples = samplesOf(seed);
  const draw = (median: number, sigma: number) => samples.lognormal(median, sigma, 1)[0]!;
  const rows: Row[] = [];
  for (const poller of [0, 1]) {
    let now = start + 500 + poller * 37;
    for (let batch = 0; batch < batches / 2; batch++) {
      if (batch === 0) now += of.connectMs;
      for (let event = 0; event < 4; event++) {
        const id = rows.length + 1;
        const insertMs = draw(of.insertMs, of.sigma);
        rows.push(
          rowOf({
            id,
            sentAt: start + Math.floor((id - 1) / 10) * of.publishMs,
            startedAt: event === 0 && batch === 0 ? now - of.connectMs : now,
            createdAt: now + insertMs / 2 + of.offsetMs,
            batchId: `${poller}-${batch}`,
            cacheId: `instance-${poller}`,
          }),
        );
        now += insertMs;
      }
      now += of.overheadMs * (0.8 + 0.4 * samples.fraction());
    }
  }
  return rows;
}

export function trickleRows(of: Numbers, seed = 2, events = 200): Row[] {
  const samples = samplesOf(seed);
  const delivery = samples.lognormal(of.deliveryMs, of.deliverySigma, events);
  return delivery.map((deliveryMs, index) => {
    const sentAt = start + index * 1_000;
    const coldMs = index === 0 ? of.coldStartMs : 0;
    const overheadMs = (of.overheadMs / 2) * (0.8 + 0.4 * samples.fraction());
    const startedAt = sentAt + of.publishMs + deliveryMs + overheadMs + coldMs;
    const createdAt = startedAt + of.insertMs / 2 + of.offsetMs;
    return rowOf({ id: index + 1, sentAt, startedAt, createdAt, batchId: `${index}`, cacheId: "instance" });
  });
}

/** Fifty instances, each with a first event and three others. */
export function instanceRows(of: Numbers, seed = 3, instances = 50): Row[] {
  const samples = samplesOf(seed);
  const draw = (median: number, sigma: number) => samples.lognormal(median, sigma, 1)[0]!;
  return Array.from({ length: instances * 4 }, (_, index) => {
    const isFirst = index < instances;
    const sentAt = start + index * 125;
    const coldMs = isFirst ? draw(of.coldStartMs, of.coldStartSigma) : 0;
    const startedAt = sentAt + of.publishMs + draw(of.deliveryMs, of.deliverySigma) + of.dispatchMs + coldMs;
    const handlingMs = (isFirst ? draw(of.connectMs, of.sigma) : 0) + 4_000 + draw(of.insertMs, of.sigma) / 2;
    const createdAt = startedAt + handlingMs + of.offsetMs;
    const cacheId = `instance-${index % instances}`;
    return rowOf({ id: index + 1, sentAt, startedAt, createdAt, batchId: `${index}`, cacheId });
  });
}
