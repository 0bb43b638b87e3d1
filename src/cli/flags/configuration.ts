/** The configuration file: what a comparison and a run go by where neither a flag nor the environment says otherwise. */
import { existsSync, readFileSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import type { CompareOptions } from "../../metrics/compare.ts";
import type { PlatformName } from "../../model.ts";
import type { ExpectationDefaults } from "./expectations.ts";
import { platforms } from "./model.ts";
import {
  limit as allowance,
  awsRegion,
  badUsage,
  callLimit,
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
  /** Runs are held to these. */
  expected?: ExpectationDefaults;
}

const files = ["throttle-bench.config.json", "throttle-bench.config.yaml", "throttle-bench.config.yml"];

/** Reads the given file, else the first of `files` that is there. Throws `bad-usage` that names the file and the place in it. */
export async function readConfiguration(
  given?: string,
): Promise<{ comparison: Partial<CompareOptions>; run: RunDefaults }> {
  const path = given ?? files.find((name) => existsSync(name));
  if (path === undefined) return { comparison: {}, run: {} };
  // The bundle has a CommonJS package as its default only.
  const { default: yaml } = await import("yaml");
  const { z } = await import("zod");
  const written = z.union([z.string(), z.number()]);
  const schema = z.strictObject({
    alpha: written.optional(),
    minimumEffect: written.optional(),
    thresholds: z.record(z.string(), written).optional(),
    target: z.enum(["local", "aws"]).optional(),
    profile: z.string().optional(),
    region: z.string().optional(),
    endpointUrl: z.url({ protocol: /^https?$/ }).optional(),
    platform: z.preprocess((year) => (typeof year === "number" ? String(year) : year), z.enum(platforms)).optional(),
    calibration: z.string().optional(),
    assume: z.record(z.string(), written.transform(String)).optional(),
    limit: written.optional(),
    limitTolerance: written.optional(),
    maxLoss: written.optional(),
    maxWait: z.string().optional(),
  });
  let content: unknown;
  try {
    content = yaml.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw badUsage(`${path} cannot be read (${messageOf(cause).split("\n")[0]}); give a JSON or YAML file.`);
  }
  if (typeof content === "object" && content !== null && "databaseUrl" in content) {
    throw badUsage(`${path} has a databaseUrl, and secrets do not belong there; export DATABASE_URL instead.`);
  }
  const parsed = schema.safeParse(content ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const place = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
    throw badUsage(
      `${path} is no configuration (${place}${issue.message}); it takes ${new Intl.ListFormat("en-GB").format(Object.keys(schema.shape))}.`,
    );
  }
  const { alpha, minimumEffect, thresholds = {}, limit, limitTolerance, maxLoss, maxWait, ...run } = parsed.data;
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
  return { comparison, run: { ...run, expected } };
}
