/** What a comparison and a run go by: the flags, before them a checked file, before that the defaults. */
import { existsSync, readFileSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import { type CompareOptions, defaultOptions, type Threshold } from "../../metrics/compare.ts";
import { type Figure, figureNamed, shortNames } from "../../metrics/figures.ts";
import type { PlatformName } from "../../model.ts";
import type { ComparisonFlags } from "./comparison.ts";
import { badUsage } from "./values.ts";

/** What the file says of where to run: it holds where neither a flag nor the environment says otherwise. */
export interface RunDefaults {
  target?: "local" | "aws";
  profile?: string;
  region?: string;
  endpointUrl?: string;
  platform?: PlatformName;
  calibration?: string;
}

const files = ["throttle-bench.config.json", "throttle-bench.config.yaml", "throttle-bench.config.yml"];

/** Throws `bad-usage` that names the flag, or the file and the place in it. */
export async function compareOptions(flags: ComparisonFlags): Promise<CompareOptions> {
  const { comparison: file } = await readConfiguration(flags.config);
  const options = { ...defaultOptions, ...file, thresholds: { ...file.thresholds }, details: flags.details === true };
  if (flags.alpha !== undefined) options.alpha = shareOf(flags.alpha, "--alpha");
  if (flags.minimumEffect !== undefined) options.minimumEffect = shareOf(flags.minimumEffect, "--minimum-effect");
  for (const given of flags.threshold ?? []) {
    const [name, value, ...more] = given.split("=");
    if (value === undefined || more.length > 0) {
      throw badUsage(
        `--threshold ${JSON.stringify(given)} is no threshold; give one such as timeTaken=10% or failed=0.`,
      );
    }
    options.thresholds[figureOf(name!, "--threshold")] = thresholdOf(value, `--threshold ${name}`);
  }
  return options;
}

/** `given`: the file that a flag names, in place of the first of `files` that is there. Throws `bad-usage` that names the file and the place in it. */
export async function readConfiguration(
  given?: string,
): Promise<{ comparison: Partial<CompareOptions>; run: RunDefaults }> {
  const path = given ?? files.find((name) => existsSync(name));
  if (path === undefined) return { comparison: {}, run: {} };
  const { parse } = await import("yaml");
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
    platform: z
      .preprocess((year) => (typeof year === "number" ? String(year) : year), z.enum(["2020", "2026"]))
      .optional(),
    calibration: z.string().optional(),
  });
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"));
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
      `${path} is no configuration (${place}${issue.message}); it takes alpha, minimumEffect, thresholds, target, profile, region, endpointUrl, platform and calibration.`,
    );
  }
  const { alpha, minimumEffect, thresholds = {}, ...run } = parsed.data;
  const entries = Object.entries(thresholds).map(([name, value]) => [
    figureOf(name, `${path}: thresholds`),
    thresholdOf(String(value), `${path}: thresholds.${name}`),
  ]);
  const comparison = {
    ...(alpha !== undefined && { alpha: shareOf(String(alpha), `${path}: alpha`) }),
    ...(minimumEffect !== undefined && { minimumEffect: shareOf(String(minimumEffect), `${path}: minimumEffect`) }),
    thresholds: Object.fromEntries(entries),
  };
  return { comparison, run };
}

function figureOf(name: string, where: string): Figure {
  const figure = figureNamed(name);
  if (figure !== undefined) return figure;
  throw badUsage(`${where} ${JSON.stringify(name)} is no figure; give one of ${shortNames.join(", ")}.`);
}

/** `10%` of the base, or `5` in the figure's unit. */
function thresholdOf(text: string, where: string): Threshold {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  if (amount === undefined) {
    throw badUsage(
      `${where}: ${JSON.stringify(text)} is no threshold; give a share such as 10%, or an amount such as 0.`,
    );
  }
  return percent ? { share: Number(amount) / 100 } : { amount: Number(amount) };
}

/** `5%` or `0.05` */
function shareOf(text: string, where: string): number {
  const threshold = /^[\d.]+%?$/.test(text) ? thresholdOf(text, where) : { amount: Number.NaN };
  const share = "share" in threshold ? threshold.share : threshold.amount;
  if (share >= 0 && share < 1) return share;
  throw badUsage(`${where} ${JSON.stringify(text)} is out of range; give a share below 1, such as 0.05 or 5%.`);
}
