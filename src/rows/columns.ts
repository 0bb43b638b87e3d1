/** The rows of one group as columns, in the order in which they came: a million rows are a few typed arrays, and no objects. */
import type { Row } from "../model.ts";
import { Texts } from "./texts.ts";

const firstCapacity = 64;

/** Only the first `length` places of each column are rows. Times are milliseconds; NaN: the row has none. */
export class Columns {
  length = 0;
  id = new Int32Array(firstCapacity);
  sentAt = new Float64Array(firstCapacity);
  startedAt = new Float64Array(firstCapacity);
  createdAt = new Float64Array(firstCapacity);
  /** numbers in `batches` */
  batch = new Int32Array(firstCapacity);
  /** numbers in `caches` */
  cache = new Int32Array(firstCapacity);
  readonly batches = new Texts();
  readonly caches = new Texts();
  /** An instance writes many rows, with one and the same string. */
  readonly #cacheNumbers = new Map<string, number>();

  constructor(readonly groupId: string) {}

  /** The row's group must be this one. */
  addRow({ id, sentAt, startedAt, batchId, cacheId, createdAt }: Row): void {
    let cache = this.#cacheNumbers.get(cacheId);
    if (cache === undefined) {
      cache = this.caches.numberOf(cacheId);
      this.#cacheNumbers.set(cacheId, cache);
    }
    this.add(id, sentAt, startedAt, this.batches.numberOf(batchId), cache, createdAt);
  }

  add(id: number, sentAt: number, startedAt: number, batch: number, cache: number, createdAt: number): void {
    const index = this.length++;
    if (index === this.id.length) this.#enlarge();
    this.id[index] = id;
    this.sentAt[index] = sentAt;
    this.startedAt[index] = startedAt;
    this.batch[index] = batch;
    this.cache[index] = cache;
    this.createdAt[index] = createdAt;
  }

  /** The rows as objects, by `createdAt`, then id. */
  toRows(): Row[] {
    const rows = Array.from({ length: this.length }, (_, index) => ({
      id: this.id[index]!,
      sentAt: this.sentAt[index]!,
      startedAt: this.startedAt[index]!,
      groupId: this.groupId,
      batchId: this.batches.text(this.batch[index]!),
      cacheId: this.caches.text(this.cache[index]!),
      createdAt: this.createdAt[index]!,
    }));
    return rows.sort((one, other) => one.createdAt - other.createdAt || one.id - other.id);
  }

  #enlarge(): void {
    const capacity = this.id.length * 2;
    this.id = enlarged(this.id, new Int32Array(capacity));
    this.sentAt = enlarged(this.sentAt, new Float64Array(capacity));
    this.startedAt = enlarged(this.startedAt, new Float64Array(capacity));
    this.createdAt = enlarged(this.createdAt, new Float64Array(capacity));
    this.batch = enlarged(this.batch, new Int32Array(capacity));
    this.cache = enlarged(this.cache, new Int32Array(capacity));
  }
}

function enlarged<Column extends Int32Array | Float64Array>(values: Column, larger: Column): Column {
  larger.set(values);
  return larger;
}
