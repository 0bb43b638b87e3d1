/** Records of four numbers in typed arrays, which are nothing to the garbage collector: a ring of them and a heap of them. */

const initialCapacity = 64;

/** Columns of equal length that double when they are full. `key` and `serial` order the records, `a` and `b` are their content. */
abstract class Records {
  protected key = new Float64Array(initialCapacity);
  protected serial = new Float64Array(initialCapacity);
  protected a = new Int32Array(initialCapacity);
  protected b = new Int32Array(initialCapacity);
  protected count = 0;

  get size(): number {
    return this.count;
  }
}

/** First in, first out. Whoever pushes sees to it that the records come in their order. */
export class RecordRing extends Records {
  #first = 0;
  #lastKey = Number.NEGATIVE_INFINITY;
  #lastSerial = Number.NEGATIVE_INFINITY;
  /** The first record's key; infinite when there is none. */
  firstKey = Number.POSITIVE_INFINITY;

  /** True when a record of this order may come next. */
  accepts(key: number, serial: number): boolean {
    return this.count === 0 || key > this.#lastKey || (key === this.#lastKey && serial > this.#lastSerial);
  }

  push(key: number, serial: number, a: number, b: number): void {
    if (this.count === this.key.length) this.#grow();
    const index = (this.#first + this.count) & (this.key.length - 1);
    this.key[index] = key;
    this.serial[index] = serial;
    this.a[index] = a;
    this.b[index] = b;
    if (this.count++ === 0) this.firstKey = key;
    this.#lastKey = key;
    this.#lastSerial = serial;
  }

  get firstSerial(): number {
    return this.serial[this.#first]!;
  }

  get firstA(): number {
    return this.a[this.#first]!;
  }

  get firstB(): number {
    return this.b[this.#first]!;
  }

  /** Takes the first record away. There has to be one. */
  shift(): void {
    this.#first = (this.#first + 1) & (this.key.length - 1);
    this.firstKey = --this.count === 0 ? Number.POSITIVE_INFINITY : this.key[this.#first]!;
  }

  #grow(): void {
    const first = this.#first;
    this.key = unrolled(this.key, new Float64Array(2 * this.key.length), first);
    this.serial = unrolled(this.serial, new Float64Array(2 * this.serial.length), first);
    this.a = unrolled(this.a, new Int32Array(2 * this.a.length), first);
    this.b = unrolled(this.b, new Int32Array(2 * this.b.length), first);
    this.#first = 0;
  }
}

function unrolled<Column extends Float64Array | Int32Array>(from: Column, to: Column, first: number): Column {
  to.set(from.subarray(first));
  to.set(from.subarray(0, first), from.length - first);
  return to;
}

/** The first by (key, serial), however the records come in. Four children to a node: half as deep as a binary heap. */
export class RecordHeap extends Records {
  /** The first record's key; infinite when there is none. */
  get firstKey(): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : this.key[0]!;
  }

  get firstSerial(): number {
    return this.serial[0]!;
  }

  get firstA(): number {
    return this.a[0]!;
  }

  get firstB(): number {
    return this.b[0]!;
  }

  push(key: number, serial: number, a: number, b: number): void {
    if (this.count === this.key.length) this.#grow();
    const { key: keys, serial: serials, a: as, b: bs } = this;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const above = keys[parent]!;
      if (above < key || (above === key && serials[parent]! < serial)) break;
      keys[hole] = above;
      serials[hole] = serials[parent]!;
      as[hole] = as[parent]!;
      bs[hole] = bs[parent]!;
      hole = parent;
    }
    keys[hole] = key;
    serials[hole] = serial;
    as[hole] = a;
    bs[hole] = b;
  }

  /** Takes the first record away. There has to be one. */
  shift(): void {
    const last = --this.count;
    const { key: keys, serial: serials, a: as, b: bs } = this;
    const key = keys[last]!;
    const serial = serials[last]!;
    let hole = 0;
    for (let child = 1; child < last; child = 4 * hole + 1) {
      const end = Math.min(child + 4, last);
      let least = child;
      let leastKey = keys[child]!;
      for (let other = child + 1; other < end; other++) {
        const otherKey = keys[other]!;
        if (otherKey < leastKey || (otherKey === leastKey && serials[other]! < serials[least]!)) {
          least = other;
          leastKey = otherKey;
        }
      }
      if (key < leastKey || (key === leastKey && serial < serials[least]!)) break;
      keys[hole] = leastKey;
      serials[hole] = serials[least]!;
      as[hole] = as[least]!;
      bs[hole] = bs[least]!;
      hole = least;
    }
    keys[hole] = key;
    serials[hole] = serial;
    as[hole] = as[last]!;
    bs[hole] = bs[last]!;
  }

  #grow(): void {
    this.key = grown(this.key, new Float64Array(2 * this.key.length));
    this.serial = grown(this.serial, new Float64Array(2 * this.serial.length));
    this.a = grown(this.a, new Int32Array(2 * this.a.length));
    this.b = grown(this.b, new Int32Array(2 * this.b.length));
  }
}

/** `to`, with the content of `from` at its beginning. */
export function grown<Column extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
  from: Column,
  to: Column,
): Column {
  to.set(from);
  return to;
}
