/** Shares of CPU time by what it was spent on, from a profile of this process. */
import { readFileSync } from "node:fs";
import { type Profiler, Session } from "node:inspector/promises";
import { SourceMap } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The parts that the time goes to, and the source files that belong to each. The first that matches a file is its owner. */
const owners = {
  kernel: /^src\/emulator\/kernel\//,
  handlers: /^infra\/handlers\//,
  services: /^src\/emulator\//,
  "the run around it": /^(src|infra)\//,
} as const;

export type Owner = keyof typeof owners | "promises and ticks" | "garbage collection" | "the rest";

export interface Shares {
  byOwner: Record<Owner, number>;
  /** The files with the largest shares, the largest first. */
  byFile: { file: string; share: number }[];
  samples: number;
}

const samplingMicroseconds = 200;
const mostFiles = 20;

/** Shares of the samples in which the process did something. The profile itself slows `work` down, so nothing else is to be timed with it. */
export async function sharesOf(work: () => Promise<unknown>): Promise<Shares> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: samplingMicroseconds });
    await session.post("Profiler.start");
    await work();
    return sharesIn((await session.post("Profiler.stop")).profile);
  } finally {
    session.disconnect();
  }
}

/** A function without an owner, such as one of a package or of the engine, counts for the nearest caller that has one. */
function sharesIn({ nodes, samples = [] }: Profiler.Profile): Shares {
  const sources = new Sources();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const placed = new Map<number, { owner: Owner; file: string | null }>();
  const placeOf = (id: number): { owner: Owner; file: string | null } => {
    const known = placed.get(id);
    if (known) return known;
    const own = sources.placeOf(byId.get(id)!.callFrame);
    const parent = parents.get(id);
    const place = own ?? (parent === undefined ? { owner: "the rest" as const, file: null } : placeOf(parent));
    placed.set(id, place);
    return place;
  };
  const byOwner: Record<Owner, number> = {
    kernel: 0,
    "promises and ticks": 0,
    handlers: 0,
    services: 0,
    "the run around it": 0,
    "garbage collection": 0,
    "the rest": 0,
  };
  const byFile = new Map<string, number>();
  const busy = samples.filter((id) => byId.get(id)!.callFrame.functionName !== "(idle)");
  for (const id of busy) {
    const { owner, file } = placeOf(id);
    byOwner[owner] += 1 / busy.length;
    if (file !== null) byFile.set(file, (byFile.get(file) ?? 0) + 1 / busy.length);
  }
  const files = [...byFile].map(([file, share]) => ({ file, share })).sort((one, other) => other.share - one.share);
  return { byOwner, byFile: files.slice(0, mostFiles), samples: busy.length };
}

/** Finds the sources of functions in bundles, by the source maps beside these. */
class Sources {
  readonly #maps = new Map<string, SourceMap | null>();

  /** Null: nobody's of its own. */
  placeOf({ functionName, url, lineNumber, columnNumber }: Profiler.Profile["nodes"][number]["callFrame"]): {
    owner: Owner;
    file: string | null;
  } | null {
    if (functionName === "(garbage collector)") return { owner: "garbage collection", file: null };
    if (functionName === "runMicrotasks" || url.startsWith("node:internal/process/task_queues")) {
      return { owner: "promises and ticks", file: null };
    }
    const file = this.#fileOf(url, lineNumber, columnNumber);
    if (file === null) return null;
    const owner = (Object.keys(owners) as (keyof typeof owners)[]).find((name) => owners[name].test(file));
    return owner === undefined ? null : { owner, file };
  }

  #fileOf(url: string, line: number, column: number): string | null {
    if (!url.startsWith("file:")) return null;
    const entry = this.#mapOf(url)?.findEntry(line, column);
    if (entry === undefined || !("originalSource" in entry)) return null;
    return relative(process.cwd(), fileURLToPath(new URL(entry.originalSource, url)));
  }

  #mapOf(url: string): SourceMap | null {
    const known = this.#maps.get(url);
    if (known !== undefined) return known;
    const map = readMap(`${fileURLToPath(url)}.map`);
    this.#maps.set(url, map);
    return map;
  }
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}
