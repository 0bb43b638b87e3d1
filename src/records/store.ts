/** The records on disk: one file per run, written whole or not at all. */
import { existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BenchError, messageOf } from "../errors.ts";
import { mostBytesOfRecords, parseJson, readUserText, UnreadableFile } from "../files/user-file.ts";
import type { RunRecord } from "../model.ts";
import { namesIn, writeWhole } from "./whole-file.ts";

/** The records newest first, and the files that cannot be read as records. */
export interface Listing {
  records: RunRecord[];
  problems: { file: string; problem: string }[];
}

/** Throws `bad-record` that says of each file why it cannot be read. */
export function requireReadable({ problems }: Pick<Listing, "problems">): void {
  if (problems.length > 0) {
    throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"), { isList: true });
  }
}

const extension = ".json";
const namesShown = 5;

export class RecordStore {
  /** `directory`: usually `.throttle-bench/runs`; made by the first `save`. */
  constructor(private readonly directory: string) {}

  /** Writes `<runId>.json`; resolves with its path once the record would survive a power cut. Throws `target-failed`. */
  async save(record: RunRecord): Promise<string> {
    const path = this.#file(record.runId);
    await writeWhole(path, record, "The run's record", "make the directory writable and run again");
    return path;
  }

  /** Says whether there is a record of this id. */
  has(runId: string): boolean {
    return existsSync(this.#file(runId));
  }

  /** Resolves with the file that it has removed; null: none is named after this run. Throws `target-failed`. */
  async remove(runId: string): Promise<string | null> {
    const path = this.#file(runId);
    try {
      await rm(path);
      return path;
    } catch (cause) {
      if (isErrno(cause, "ENOENT")) return null;
      throw new BenchError(
        "target-failed",
        `The record ${path} could not be removed (${messageOf(cause)}); make the directory writable, or remove it by hand.`,
        { cause },
      );
    }
  }

  /** A path (with a `/` or ending in `.json`), a run id or its unique beginning. Throws `no-record`, `bad-record`. */
  async load(idOrPath: string): Promise<RunRecord> {
    if (isTemplateName(idOrPath)) throw aTemplate(idOrPath);
    const [record] = await readRecords(isPath(idOrPath) ? idOrPath : this.#file(await this.#uniqueId(idOrPath)));
    return record!;
  }

  #file(runId: string): string {
    return join(this.directory, runId + extension);
  }

  /** Every record of the directory, newest first. Files that are no records are problems in the listing, not errors. */
  async list(): Promise<Listing> {
    const listing: Listing = { records: [], problems: [] };
    for (const file of (await this.#ids()).map((id) => this.#file(id))) {
      try {
        listing.records.push(...(await readRecords(file)));
      } catch (error) {
        listing.problems.push({ file, problem: messageOf(error) });
      }
    }
    listing.records.sort((a, b) => compare(b.startedAt, a.startedAt) || compare(b.runId, a.runId));
    return listing;
  }

  /**
   * Takes `latest`, `all`, a scenario (every run of it), the path of a directory of records, or whatever `load` takes. A scenario goes
   * before the run ids that begin with its name. The problems of the whole directory are listed, because a file that cannot be read
   * may be the one that was meant; for a single run there are none. Throws `no-record`, `bad-record`.
   */
  async find(what: string): Promise<Listing> {
    if (isTemplateName(what)) throw aTemplate(what);
    if (isDirectory(what)) return new RecordStore(what).#all();
    if (isPath(what)) return { records: await readRecords(what), problems: [] };
    const { records, problems } = what === "latest" || what === "all" ? await this.#all() : await this.list();
    const chosen = choose(what, records);
    if (chosen.length > 0) return { records: chosen, problems };
    return { records: [await this.load(what)], problems: [] };
  }

  /** Lists every record; there is at least one. */
  async #all(): Promise<Listing> {
    const listing = await this.list();
    if (listing.records.length > 0) return listing;
    if (listing.problems.length === 0) throw this.#nothing();
    throw new BenchError(
      "bad-record",
      `${this.directory} holds no record that can be read: ${listing.problems.map(({ problem }) => problem).join(" ")}`,
    );
  }

  /** The ids after which the record files are named, sorted. */
  async #ids(): Promise<string[]> {
    try {
      return await namesIn(this.directory, extension);
    } catch (cause) {
      if (isErrno(cause, "ENOENT")) return [];
      throw new BenchError(
        "no-record",
        `${this.directory} cannot be read (${messageOf(cause)}); make it a directory that you may read.`,
        { cause },
      );
    }
  }

  async #uniqueId(beginning: string): Promise<string> {
    const ids = await this.#ids();
    if (ids.includes(beginning)) return beginning;
    const matches = ids.filter((id) => id.startsWith(beginning));
    if (matches.length === 1) return matches[0]!;
    if (matches.length > 1) {
      throw new BenchError(
        "no-record",
        `"${beginning}" begins the ids of ${matches.length} runs (${some(matches)}); give more of the one you mean.`,
      );
    }
    if (ids.length === 0) throw this.#nothing();
    const { records } = await this.list();
    const scenarios = [...new Set(records.map(({ scenario }) => scenario))].sort();
    throw new BenchError(
      "no-record",
      `There is no record "${beginning}"; name a run (${some(ids.reverse())})${
        scenarios.length > 0 ? `, a scenario that was run (${some(scenarios)})` : ""
      }, latest or all.`,
    );
  }

  #nothing(): BenchError {
    return new BenchError(
      "no-record",
      `There are no records in ${this.directory} yet; make one with \`throttle-bench run scenario-4\`.`,
    );
  }
}

function choose(what: string, records: RunRecord[]): RunRecord[] {
  if (what === "all") return records;
  if (what === "latest") return records.slice(0, 1);
  return records.filter(({ scenario }) => scenario === what);
}

/** A file holds one record, or several in an array as `--json` prints them. */
async function readRecords(file: string): Promise<RunRecord[]> {
  let json: unknown;
  try {
    json = parseJson(readUserText(file, mostBytesOfRecords));
  } catch (cause) {
    if (cause instanceof UnreadableFile && cause.isMissing) {
      throw new BenchError("no-record", `There is no record file ${file}; check the path.`, { cause });
    }
    throw notARecord(file, messageOf(cause), cause);
  }
  const { runRecordSchema } = await import("./schema.ts");
  const { firstFault, fitted } = await import("./reading.ts");
  const { inLatestVersion } = await import("./versions.ts");
  if (isTemplate(json)) throw aTemplate(file);
  const values = [json].flat().map(inLatestVersion);
  if (values.length === 0) throw notARecord(file, "it holds no run", null);
  return values.map((value) => {
    const record = fitted(runRecordSchema, value);
    const parsed = runRecordSchema.safeParse(record);
    if (parsed.success) return record as RunRecord;
    throw notARecord(file, firstFault(parsed.error), parsed.error);
  });
}

function notARecord(file: string, problem: string, cause: unknown): BenchError {
  return new BenchError(
    "bad-record",
    `${file} is not a record that this version reads (${problem}); check the path, or read it with the version that wrote it.`,
    { cause },
  );
}

/** A record is JSON, so that YAML can only be a template. */
function isTemplateName(path: string): boolean {
  return /\.(ya?ml|template)$/i.test(path);
}

function isTemplate(json: unknown): boolean {
  return typeof json === "object" && json !== null && "Resources" in json;
}

function aTemplate(file: string): BenchError {
  return new BenchError(
    "no-record",
    `${file} is a template, and a run or its record is asked for; run it with \`throttle-bench run ${file}\`, and name that run's id, its scenario or latest.`,
  );
}

function isPath(idOrPath: string): boolean {
  return /[/\\]/.test(idOrPath) || idOrPath.endsWith(extension);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isErrno(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first few names, and how many more there are. */
function some(names: string[]): string {
  const more = names.length - namesShown;
  return names.slice(0, namesShown).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
