/** The figures of the chaos suite's last long run, as they are kept in the repository: one file for each test file. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Tally {
  /** Kills, inputs or faults, and where they strike, such as "kills of a local run". */
  what: string;
  tried: number;
  held: number;
  /** Events, records or answers that are gone. */
  lost: number;
  /** Stacks, processes or files that nobody removes. */
  left: number;
}

export interface Figure extends Tally {
  seconds: number;
  seed: number;
  /** The package's. */
  version: string;
  /** Such as "2026-11-27". */
  date: string;
}

/** From the package's root. Test files that run side by side do not write the same file of it. */
const folder = "test/chaos/figures";

/** Replaces what was told of the same before. `testFile`: from the package's root. */
export function publish(testFile: string, figure: Figure): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, fileOfFigures(testFile));
  const others = figuresIn(file).filter(({ what }) => what !== figure.what);
  writeFileSync(file, `${JSON.stringify([...others, figure], null, 2)}\n`);
}

/** `test/chaos/wire/operations.test.ts` has its figures in `wire-operations.json`. */
function fileOfFigures(testFile: string): string {
  return `${testFile.replace(/^test\/chaos\/|\.test\.ts$/g, "").replaceAll("/", "-")}.json`;
}

function figuresIn(file: string): Figure[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Figure[];
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw failure;
  }
}

/** Ordered by file. */
export function publishedFigures(): Figure[] {
  return namesOfFiles().flatMap((name) => figuresIn(join(folder, name)));
}

function namesOfFiles(): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Files of figures whose test file is not among these. */
export function abandonedFigures(testFiles: readonly string[]): string[] {
  const wanted = testFiles.map(fileOfFigures);
  return namesOfFiles().filter((name) => !wanted.includes(name));
}
