/** `throttle-bench calibrate`: fits the unpublished numbers of the model to measured runs of an account. */
import { readConfiguration } from "../flags/configuration.ts";
import { defaultPlatform, platform as platformFlag } from "../flags/model.ts";
import { account, chosenAccount, creation, database, maxCost } from "../flags/place.ts";
import { runOptions } from "../flags/run-options.ts";
import { badUsage, text } from "../flags/values.ts";
import { defineVerb } from "../verb.ts";

const probeTimeoutMs = 6 * 3_600_000;

export const verb = defineVerb({
  flags: [
    {
      title: "Calibration",
      flags: {
        from: {
          takes: "<run...>",
          read: text,
          repeats: true,
          help: "fit to these runs of probes alone, and run nothing",
        },
        fresh: { help: "run every probe, whatever records there are" },
        platform: {
          ...platformFlag,
          help: `AWS limits beside the fitted numbers, 2020 or 2026 (default: ${defaultPlatform})`,
        },
        ...creation,
        maxCost,
      },
    },
    {
      title: "Account and database",
      flags: {
        ...account.flags,
        databaseUrl: {
          ...database.databaseUrl,
          help: "Postgres to write to (default: DATABASE_URL, else the one by `database up`)",
        },
      },
    },
    {
      title: "Output",
      flags: {
        out: { takes: "<file>", read: text, help: "where the profile goes (default: in .throttle-bench/profiles)" },
        json: { help: "print the profile as JSON" },
      },
    },
  ],
  help: `It runs eight small probes on the account, fits the model's unpublished numbers
to them, and writes a profile that \`run --calibration\` goes by. A probe that has
a record of the last day is not run again, so that the same command goes on with
a calibration that was interrupted. The rows of the probes have to be in the
database.

Examples:
  throttle-bench calibrate --region eu-west-1
  throttle-bench run scenario-4 --calibration eu-west-1 --repeat 20

Exit status: 0 done, 2 bad input, 3 the target failed, 130 interrupted.`,
  async run(flags) {
    const { from, fresh, out, platform, ...ofRun } = flags;
    if (from !== undefined && fresh) {
      throw badUsage("--from runs nothing and --fresh runs everything; give one of them.");
    }
    const { run: defaults } = await readConfiguration();
    const { calibrateAccount } = await import("../running/account-calibration.ts");
    const options = runOptions({ ...ofRun, target: "aws", timeout: probeTimeoutMs }, process.env, defaults);
    await calibrateAccount({
      options: { ...options, target: chosenAccount(flags, process.env, defaults) },
      platform: platform ?? defaults.platform ?? defaultPlatform,
      from: from ?? null,
      fresh: fresh === true,
      out: out ?? null,
    });
  },
});
