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
    let index = this.count++;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = this.key[parent]!;
      if (above < key || (above === key && this.serial[parent]! < serial)) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#set(index, key, serial, a, b);
  }

  /** Takes the first record away. There has to be one. */
  shift(): void {
    const last = --this.count;
    if (last === 0) return;
    const key = this.key[last]!;
    const serial = this.serial[last]!;
    let index = 0;
    for (;;) {
      const firstChild = 4 * index + 1;
      if (firstChild >= last) break;
      const end = Math.min(firstChild + 4, last);
      let least = firstChild;
      let leastKey = this.key[firstChild]!;
      for (let child = firstChild + 1; child < end; child++) {
        const childKey = this.key[child]!;
        if (childKey < leastKey || (childKey === leastKey && this.serial[child]! < this.serial[least]!)) {
          least = child;
          leastKey = childKey;
        }
      }
      if (key < leastKey || (key === leastKey && serial < this.serial[least]!)) break;
      this.#move(least, index);
      index = least;
    }
    this.#set(index, key, serial, this.a[last]!, this.b[last]!);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.key[from]!, this.serial[from]!, this.a[from]!, this.b[from]!);
  }

  #set(index: number, key: number, serial: number, a: number, b: number): void {
    this.key[index] = key;
    this.serial[index] = serial;
    this.a[index] = a;
    this.b[index] = b;
  }

  #grow(): void {
    this.key = grown(this.key, new Float64Array(2 * this.key.length));
    this.serial = grown(this.serial, new Float64Array(2 * this.serial.length));
    this.a = grown(this.a, new Int32Array(2 * this.a.length));
    this.b = grown(this.b, new Int32Array(2 * this.b.length));
  }
}

/** `to`, with the content of `from` at its beginning. */
export function grown<Column extends Float64Array | Int32Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
