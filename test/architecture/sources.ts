/** The sources as the architecture's laws see them: each file with its text, and who imports whom. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Source {
  /** From the package's root, such as `src/bench.ts`. */
  file: string;
  text: string;
}

export interface Import {
  from: string;
  /** A file of ours from the package's root, or a package's name. */
  to: string;
  typeOnly: boolean;
}

/** All TypeScript and JavaScript files below the folders. */
export function readSources(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => posix.join(folder, name))
      .filter((file) => /\.(ts|js)$/.test(file) && statSync(join(root, file)).isFile())
      .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") })),
  );
}

/** An import whose every name is marked as a type one by one counts as one of values. */
export function importsIn({ file, text }: Source): Import[] {
  const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gms);
  const dynamic = text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g);
  const target = (specifier: string) =>
    specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : specifier;
  return [
    ...[...statements].map(([, type, to]) => ({ from: file, to: target(to!), typeOnly: type !== undefined })),
    ...[...dynamic].map(([, to]) => ({ from: file, to: target(to!), typeOnly: false })),
  ];
}

export function isOurs({ to }: Import): boolean {
  return /^(bin|src|infra|\.build)\//.test(to);
}
