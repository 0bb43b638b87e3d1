/** Secrets that a run makes for itself. */
import { randomBytes } from "node:crypto";

const bytes = 32;

export function newSecret(): string {
  return randomBytes(bytes).toString("base64url");
}
