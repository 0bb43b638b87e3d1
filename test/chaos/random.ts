/** Random choices that are the same at each run: every test has a stream of its own. */
import { createHash } from "node:crypto";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { seed } from "./pace.ts";

export interface Random {
  /** At least 0, and less than 1. */
  share(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  one<T>(among: readonly T[]): T;
}

/** `purpose` names the stream. */
export function randomFor(purpose: string): Random {
  const hash = createHash("sha256").update(`${seed} ${purpose}`).digest();
  const generator = xoroshiro128plus(hash.readInt32LE());
  const share = () => (generator.next() >>> 0) / 2 ** 32;
  const whole = (least: number, most: number) => least + Math.floor(share() * (most - least + 1));
  return { share, whole, one: (among) => among[whole(0, among.length - 1)]! };
}
