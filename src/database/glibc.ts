/** Says of a system without glibc why PostgreSQL's packaged programs do not start there. */
import { existsSync } from "node:fs";
import { BenchError } from "../errors.ts";

/**
 * The error of a program that did not start. The system says of one whose loader is missing what it says of one that is missing:
 * Alpine and others with musl lack the loader of the packaged programs, which are made for glibc.
 */
export function explainStart(
  program: string,
  cause: unknown,
  isThere: (path: string) => boolean = existsSync,
): unknown {
  const isUnloadable = (cause as NodeJS.ErrnoException).code === "ENOENT" && isThere(program);
  if (!isUnloadable) return cause;
  return new BenchError(
    "database-failed",
    "The embedded Postgres is made for glibc, which this system (Alpine, or another with musl) lacks: give --database-url, or use an image with glibc, such as node:22-slim.",
    { cause },
  );
}
