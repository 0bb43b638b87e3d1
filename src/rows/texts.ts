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
  #hashes = new Int32Array(firstSlots);
  /** Open addressing by hash: number + 1; 0: free. */
  #slots = new Int32Array(firstSlots);
  #lastText = "";
  #lastNumber = -1;

  numberOf(text: string): number {
    if (text === this.#lastText && this.#lastNumber >= 0) return this.#lastNumber;
    const start = this.#starts[this.size]!;
    // A UTF-16 unit takes three bytes at most.
    this.#reserve(start + 3 * text.length);
    const end = start + written(text, this.#bytes, start);
    this.#lastText = text;
    this.#lastNumber = this.#find(this.#bytes, start, end);
    return this.#lastNumber;
  }

  /** `bytes[start, end)` is the text in UTF-8. */
  numberOfBytes(bytes: Uint8Array, start: number, end: number): number {
    return this.#find(bytes, start, end);
  }

  text(number: number): string {
    return Buffer.from(this.#bytes.subarray(this.#starts[number], this.#starts[number + 1])).toString("utf8");
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    const hash = hashOf(bytes, start, end);
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (this.#hashes[number] === hash && this.#equals(number, bytes, start, end)) return number;
    }
    return this.#add(slot, hash, bytes, start, end);
  }

  #equals(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number]!;
    const length = end - start;
    if (this.#starts[number + 1]! - from !== length) return false;
    const own = this.#bytes;
    for (let index = 0; index < length; index++) if (own[from + index] !== bytes[start + index]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const at = this.#starts[this.size]!;
    if (bytes !== this.#bytes || start !== at) {
      this.#reserve(at + end - start);
      this.#bytes.set(bytes.subarray(start, end), at);
    }
    const number = this.size++;
    this.#slots[slot] = number + 1;
    this.#hashes[number] = hash;
    if (this.size + 1 >= this.#starts.length) {
      this.#starts = enlarged(this.#starts, new Uint32Array(this.#starts.length * 2));
      this.#hashes = enlarged(this.#hashes, new Int32Array(this.#hashes.length * 2));
    }
    this.#starts[this.size] = at + end - start;
    if (this.size * 2 > this.#slots.length) this.#spread();
    return number;
  }

  #spread(): void {
    const slots = new Int32Array(this.#slots.length * 2);
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

/** Writes UTF-8 and returns the number of bytes. Most texts are ASCII, for which a loop is faster than a call of the encoder. */
function written(text: string, bytes: Uint8Array, start: number): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 127) return encoder.encodeInto(text, bytes.subarray(start)).written;
    bytes[start + index] = unit;
  }
  return text.length;
}

/** FNV-1a with a last mix, because the slots are chosen by the low bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

/** `larger`, with the values at its beginning. */
function enlarged<Values extends Uint32Array | Int32Array>(values: Values, larger: Values): Values {
  larger.set(values);
  return larger;
}
