/** `throttle-bench report`: prints recorded runs again; needs neither database nor account. */
import { exitStatus } from "../../errors.ts";
import { expectationsNow } from "../../metrics/expectations.ts";
import { judgedAnew } from "../../metrics/verdict.ts";
import type { RunRecord } from "../../model.ts";
import { RecordStore, requireReadable } from "../../records/store.ts";
import type { Format } from "../../reports/format.ts";
import * as reports from "../../reports/reports.ts";
import { nameInRecords } from "../../scenarios/catalogue.ts";
import { runsDirectory } from "../directories.ts";
import { writeFiles } from "../files.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { breaksGiven, expectations, givenExpectations, requireWindow } from "../flags/expectations.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { account } from "../flags/place.ts";
import { badUsage } from "../flags/values.ts";
import { outputOptions, print, printRecords } from "../output.ts";
import { defineVerb } from "../verb.ts";

const reportFormats: Format<RunRecord>[] = Object.values(reports);

const groups = [
  expectations,
  { title: "Formats", flags: formatFlags(reportFormats) },
  {
    title: "Contents",
    flags: {
      details: { help: "also print the figures beyond the published table" },
      refresh: { help: "first ask CloudWatch again for what had not arrived of runs on an account" },
      profile: { ...account.flags.profile, help: `with --refresh: ${account.flags.profile.help}` },
      endpointUrl: { ...account.flags.endpointUrl, help: "with --refresh: in place of AWS (default: the run's)" },
    },
  },
] as const;

type ReportFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [
    {
      name: "[runs]",
      help: "latest, all, a run's id, a scenario, or the path of a record or of a directory of them",
      default: "latest",
    },
  ],
  flags: groups,
  help: `Examples:
  throttle-bench report
  throttle-bench report scenario-4 --json
  throttle-bench report all --markdown >> "$GITHUB_STEP_SUMMARY"
  throttle-bench report all --html report.html --svg pictures
  throttle-bench report 20261124-021500-scenario-4-x7k2 --refresh
  throttle-bench report scenario-4 --limit 5/s --max-loss 0

Exit status: 0 done, 1 a run breaks what the flags of the verdict or the
configuration file ask for, 2 bad input, 3 --refresh failed.`,
  async run(flags, runs: string) {
    const { text, files } = chosenFormats(reportFormats, flags);
    const [given] = flags.refresh ? [] : typedFlags(flags, ["profile", "endpointUrl"]);
    if (given !== undefined) throw badUsage(`${given} goes with --refresh, which alone asks an account; add that.`);
    const expected = givenExpectations(flags, (await readConfiguration()).run.expected);
    const store = new RecordStore(runsDirectory);
    const { records: found, problems } = await store.find(nameInRecords(runs));
    const recorded = flags.refresh ? await refreshed(found, store, flags) : found;
    for (const record of recorded) requireWindow(expectationsNow(record, expected));
    const records = recorded.map((record) => judgedAnew(record, expected));
    if (records.length > 0) {
      if (text !== null) print(text.format.text(records, outputOptions(flags.details), text.choice));
      else if (files.length === 0) await printRecords(records, flags);
      await writeFiles(records, files);
    }
    requireReadable({ problems });
    if (records.some((record) => breaksGiven(record.verdict, expected))) process.exitCode = exitStatus.expectation;
  },
});

async function refreshed(found: RunRecord[], store: RecordStore, flags: ReportFlags): Promise<RunRecord[]> {
  const { refreshRecords } = await import("../running/refresh.ts");
  return refreshRecords(found, store, flags);
}
