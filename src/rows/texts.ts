/** Numbers texts: equal ones have one number. They are kept as bytes, because a million strings cost four times as much memory. */

const firstBytes = 1_024;
const firstSlots = 64;

export class Texts {
  /** how many different texts there are; their numbers are 0 … size − 1 */
  size = 0;
  /** UTF-8 of all texts, one after the other */
  #bytes = new Uint8Array(firstBytes);
  /** where each text begins; the last one's end follows it */
  #starts = new Uint32Array(firstSlots);
  #hashes = new Uint32Array(firstSlots);
  /** Open addressing by hash: number + 1; 0: free. */
  #slots = new Uint32Array(2 * firstSlots);

  numberOf(text: string): number {
    const start = this.#starts[this.size]!;
    // A UTF-16 unit takes three bytes at most.
    if (start + 3 * text.length > this.#bytes.length) this.#reserve(start + 3 * text.length);
    const bytes = this.#bytes;
    let hash = firstHash;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return this.#numberOfOther(text);
      bytes[start + index] = unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    return this.#find(bytes, start, start + text.length, mixed(hash));
  }

  /** `bytes[start, end)` is the text in UTF-8. */
  numberOfBytes(bytes: Uint8Array, start: number, end: number): number {
    let hash = firstHash;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
    return this.#find(bytes, start, end, mixed(hash));
  }

  text(number: number): string {
    return Buffer.from(this.#bytes.subarray(this.#starts[number], this.#starts[number + 1])).toString("utf8");
  }

  #numberOfOther(text: string): number {
    const bytes = encoder.encode(text);
    return this.numberOfBytes(bytes, 0, bytes.length);
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (this.#hashes[number] === hash && this.#equals(number, bytes, start, end)) return number;
    }
    return this.#add(slot, bytes, start, end, hash);
  }

  #equals(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number]!;
    const length = end - start;
    if (this.#starts[number + 1]! - from !== length) return false;
    const own = this.#bytes;
    for (let index = 0; index < length; index++) if (own[from + index] !== bytes[start + index]) return false;
    return true;
  }

  #add(slot: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const at = this.#starts[this.size]!;
    if (bytes !== this.#bytes) {
      this.#reserve(at + end - start);
      this.#bytes.set(bytes.subarray(start, end), at);
    }
    const number = this.size++;
    this.#slots[slot] = number + 1;
    if (this.size + 1 >= this.#starts.length) {
      this.#starts = enlarged(this.#starts);
      this.#hashes = enlarged(this.#hashes);
    }
    this.#hashes[number] = hash;
    this.#starts[this.size] = at + end - start;
    if (this.size * 2 > this.#slots.length) this.#spread();
    return number;
  }

  #spread(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let slot = this.#hashes[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

const encoder = new TextEncoder();

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
const firstHash = 0x811c9dc5;

/** A last mix, because the slots are chosen by the low bits. */
function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

function enlarged(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(values.length * 2);
  larger.set(values);
  return larger;
}
