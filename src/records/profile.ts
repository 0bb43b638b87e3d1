/** The profiles of accounts on disk: version 1 of their schema, kept equal to `AccountProfile` by the type checker. */
import { join } from "node:path";
import * as z from "zod";
import { BenchError, messageOf } from "../errors.ts";
import { mostBytesOfText, parseJson, readUserText } from "../files/user-file.ts";
import type { AccountProfile } from "../model.ts";
import { firstFault } from "./reading.ts";
import { count, platform, type Same, versions } from "./schema.ts";
import { namesIn, writeWhole } from "./whole-file.ts";

const number = z.number().nonnegative();

const accountProfileSchema = z.strictObject({
  profileVersion: z.literal(1),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be usable as a file name"),
  accountId: z.string().nullable(),
  region: z.string(),
  endpoint: z.string().nullable(),
  platform,
  versions,
  calibratedAt: z.iso.datetime(),
  probes: z.array(
    z.strictObject({
      probe: z.string(),
      runId: z.string(),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime(),
    }),
  ),
  constants: z.record(
    z.string(),
    z
      .strictObject({
        value: number,
        interval: z.tuple([number, number]),
        platformValue: number,
        observations: count,
        probe: z.string(),
        how: z.string(),
      })
      .refine(({ value, interval: [low, high] }) => low <= value && value <= high, "the value is outside its interval"),
  ),
  undecided: z.record(z.string(), z.string()),
});

true satisfies Same<z.infer<typeof accountProfileSchema>, AccountProfile>;

const extension = ".json";

/** Throws `target-failed`. */
export async function saveProfile(profile: AccountProfile, path: string): Promise<void> {
  await writeWhole(path, profile, "The profile", "calibrate again with another --out: the probes' records are reused");
}

/** `what` is a path (with a `/` or ending in `.json`), or a part of one name in the directory. Throws `bad-usage`. */
export async function loadProfile(what: string, directory: string): Promise<AccountProfile> {
  const path = /[/\\]/.test(what) || what.endsWith(extension) ? what : await pathOf(what, directory);
  let json: unknown;
  try {
    json = parseJson(readUserText(path, mostBytesOfText));
  } catch (cause) {
    throw refusal(`${path} cannot be read as a profile (${messageOf(cause)}); \`calibrate\` makes one.`);
  }
  const parsed = accountProfileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw refusal(
    `${path} is no profile that this version reads (${firstFault(parsed.error)}); \`calibrate\` makes one.`,
  );
}

async function pathOf(part: string, directory: string): Promise<string> {
  const names = await namesIn(directory, extension).catch((): string[] => []);
  const matches = names.includes(part) ? [part] : names.filter((name) => name.includes(part));
  if (matches.length === 1) return join(directory, matches[0]! + extension);
  const known = names.length > 0 ? `there are ${names.join(", ")}` : `there is none in ${directory}`;
  throw refusal(
    matches.length === 0
      ? `No profile is called ${JSON.stringify(part)}: ${known}; give one of them, or the path of a file that \`calibrate\` wrote.`
      : `${JSON.stringify(part)} is in the names of ${matches.length} profiles (${matches.join(", ")}); give more of the one you mean.`,
  );
}

function refusal(message: string): BenchError {
  return new BenchError("bad-usage", message);
}
