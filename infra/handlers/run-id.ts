/** The id of a run, as the producer is given it and each event carries it. */
import * as z from "zod/mini";

/** Postgres indexes no text of more than some 2,700 bytes, and a name of the harness's has a few dozen. */
export const longestRunId = 500;

/** Postgres has no text with NUL: https://www.postgresql.org/docs/current/datatype-character.html */
export const runIdSchema = z.string().check(
  z.minLength(1),
  z.maxLength(longestRunId),
  z.refine((text) => !text.includes("\0")),
);
