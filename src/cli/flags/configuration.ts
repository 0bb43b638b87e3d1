/** The configuration file: what a comparison and a run go by where neither a flag nor the environment says otherwise. */
import { existsSync } from "node:fs";
import { mostBytesOfText, readUserText, UnreadableFile } from "../../files/user-file.ts";
import type { CompareOptions } from "../../metrics/compare.ts";
import type { PlatformName } from "../../model.ts";
import { nearest } from "../../template/nearest.ts";
import type { ExpectationDefaults } from "./expectations.ts";
import {
  limit as allowance,
  awsRegion,
  badUsage,
  callLimit,
  dollars,
  durationMs,
  figure,
  milliseconds,
  share,
} from "./values.ts";

/** The file's say in where a run goes, and in the model that it goes by. */
export interface RunDefaults {
  target?: "local" | "aws";
  profile?: string;
  region?: string;
  endpointUrl?: string;
  platform?: PlatformName;
  calibration?: string;
  /** Numbers of the model by their names, as they are written. */
  assume?: Record<string, string>;
  /** US dollars that runs on an account may cost together. */
  maxCost?: number;
  /** Runs are held to these. */
  expected?: ExpectationDefaults;
}

/** A bomb of aliases is refused; nobody writes so many. */
const mostAliases = 100;

const files = ["throttle-bench.config.json", "throttle-bench.config.yaml", "throttle-bench.config.yml"];

/** Reads the given file, else the first of `files` that is there. Throws `bad-usage` that names the file and the place in it. */
export async function readConfiguration(
  given?: string,
): Promise<{ comparison: Partial<CompareOptions>; run: RunDefaults }> {
  const path = given ?? files.find((name) => existsSync(name));
  if (path === undefined) return { comparison: {}, run: {} };
  // The bundle has a CommonJS package as its default only.
  const { default: yaml } = await import("yaml");
  const { configurationSchema: schema } = await import("./configuration-schema.ts");
  const content = yamlIn(path, yaml);
  if (typeof content === "object" && content !== null && "databaseUrl" in content) {
    throw badUsage(`${path} has a databaseUrl, and secrets do not belong there; export DATABASE_URL instead.`);
  }
  const parsed = schema.safeParse(content ?? {});
  if (!parsed.success) {
    const names = Object.keys(schema.shape);
    throw badUsage(
      `${path} is no configuration (${faultIn(parsed.error.issues[0]!, names)}); it takes ${new Intl.ListFormat("en-GB").format(names)}.`,
    );
  }
  const {
    alpha,
    minimumEffect,
    thresholds = {},
    limit,
    limitTolerance,
    maxLoss,
    maxWait,
    maxCost,
    ...run
  } = parsed.data;
  if (run.region !== undefined) awsRegion(run.region, `${path}: region`);
  const entries = Object.entries(thresholds).map(([name, value]) => [
    figure(name, `${path}: thresholds`),
    allowance(String(value), `${path}: thresholds.${name}`),
  ]);
  const comparison = {
    ...(alpha !== undefined && { alpha: share(String(alpha), `${path}: alpha`) }),
    ...(minimumEffect !== undefined && { minimumEffect: share(String(minimumEffect), `${path}: minimumEffect`) }),
    thresholds: Object.fromEntries(entries),
  };
  const expected: ExpectationDefaults = {
    ...(limit !== undefined && { limit: callLimit(String(limit), `${path}: limit`) }),
    ...(limitTolerance !== undefined && {
      limitTolerance: milliseconds(String(limitTolerance), `${path}: limitTolerance`),
    }),
    ...(maxLoss !== undefined && { maxLoss: allowance(String(maxLoss), `${path}: maxLoss`) }),
    ...(maxWait !== undefined && { maxWait: durationMs(maxWait, `${path}: maxWait`) }),
  };
  const cost = maxCost === undefined ? {} : { maxCost: dollars(String(maxCost), `${path}: maxCost`) };
  return { comparison, run: { ...run, ...cost, expected } };
}

/** A file that was named by mistake may hold anybody's secrets, so that no error quotes it. Throws `bad-usage`. */
function yamlIn(path: string, yaml: typeof import("yaml")): unknown {
  const lines = new yaml.LineCounter();
  try {
    const document = yaml.parseDocument(readUserText(path, mostBytesOfText), {
      lineCounter: lines,
      prettyErrors: false,
    });
    const [fault] = document.errors;
    if (fault) throw new UnreadableFile(`line ${lines.linePos(fault.pos[0]).line} is neither JSON nor YAML`, false);
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (cause) {
    // The parser's own words may quote the file.
    const reason = cause instanceof UnreadableFile ? cause.message : "its aliases lead nowhere, or to too much";
    throw badUsage(`${path} cannot be read (${reason}); give a JSON or YAML file.`);
  }
}

/** A key that there is not is named only where it is nearly one that there is. */
function faultIn(
  issue: { code?: string; path: PropertyKey[]; message: string; keys?: string[] },
  known: readonly string[],
): string {
  if (issue.code === "unrecognized_keys") {
    const slip = issue.keys!.find((key) => nearest(key, known) !== null);
    return slip === undefined
      ? "it has keys that none has"
      : `${slip} is none of its keys, did you mean ${nearest(slip, known)}?`;
  }
  return issue.path.length > 0 ? `${String(issue.path[0])}: ${issue.message}` : "it is no map of keys and values";
}
