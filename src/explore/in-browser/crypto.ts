/** Stands for `node:crypto` in a browser: the hashes that the model makes, and random bytes for a run's secret. */
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { Buffer } from "buffer/";

const algorithms = { md5, sha256 };

export function createHash(algorithm: keyof typeof algorithms) {
  const hash = algorithms[algorithm].create();
  return {
    update(data: string | Uint8Array) {
      hash.update(typeof data === "string" ? new TextEncoder().encode(data) : data);
      return this;
    },
    digest(encoding?: "hex" | "base64") {
      const bytes = Buffer.from(hash.digest());
      return encoding === undefined ? bytes : bytes.toString(encoding);
    },
  };
}

/** As long as Node.js's, and of the characters of `base64url`, which the `Buffer` of browsers cannot write. */
export function randomBytes(bytes: number) {
  return {
    toString(_encoding: "base64url"): string {
      const text = Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64");
      return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    },
  };
}

export function timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
