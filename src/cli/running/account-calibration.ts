/** A calibration runs the probes on the account, fits the model's numbers, and writes the profile. */
import { isDeepStrictEqual } from "node:util";
import { fitAccount, type Model, type ProbeRecords } from "../../calibration/account.ts";
import { observationsOf, probesWithRows } from "../../calibration/observations.ts";
import { type Probe, type ProbeName, probes } from "../../calibration/probes.ts";
import { Invocations } from "../../database/invocations.ts";
import { BenchError } from "../../errors.ts";
import type {
  AccountProfile,
  Figures,
  Location,
  PlatformName,
  Row,
  RunRecord,
  RunRequest,
  Scenario,
  Settings,
} from "../../model.ts";
import { saveProfile } from "../../records/profile.ts";
import { RecordStore } from "../../records/store.ts";
import { findScenario } from "../../scenarios/catalogue.ts";
import { settingsOf } from "../../scenarios/settings.ts";
import { simulateAll } from "../../simulation/workers.ts";
import { mappingBackoffMs, meanFreeSlotMs, unpublishedConstants } from "../../targets/local.ts";
import { profilesDirectory, runsDirectory } from "../directories.ts";
import type { AwsChoice } from "../flags/place.ts";
import type { RunOptions } from "../flags/run-options.ts";
import { columns, isColourful, print, toJson } from "../output.ts";
import { versionsHere } from "../version.ts";
import { openAccountToCreate } from "./account.ts";
import { onDatabase } from "./account-runs.ts";
import { checkGiven, withDatabase } from "./chosen-database.ts";
import { type Meeting, obtainConsent } from "./consent.ts";
import { refuseTooDear } from "./estimate.ts";
import { type Interruption, watchForInterruption } from "./interruption.ts";
import { tellRetry } from "./progress.ts";
import { newRunId } from "./requests.ts";
import { runOne } from "./series.ts";

/** A probe whose record is no older than this is not run again. */
const recentMs = 86_400_000;
/** Runs of the model behind each value that is tried. */
const simulatedSeeds = 6;
const timeoutMs = 21_600_000;

export interface CalibrationRequest {
  /** How each probe is run, and on which account. */
  options: RunOptions & { target: AwsChoice };
  platform: PlatformName;
  /** Runs of probes to fit to, in place of new ones; null: new ones, and those of the last day. */
  from: string[] | null;
  /** Every probe is run, whatever records there are. */
  fresh: boolean;
  /** The profile's file; null: one among the profiles, by its name. */
  out: string | null;
}

interface ProbeRun {
  record: RunRecord;
  rows: Row[] | null;
}

type ProbeRuns = Partial<Record<ProbeName, ProbeRun>>;

/** Throws BenchError. The records keep what was measured, and the next calibration goes on from them. */
export async function calibrateAccount(calibration: CalibrationRequest): Promise<void> {
  const { options, platform, from, out } = calibration;
  const named = from === null ? null : await namedRecords(from);
  if (named === null) checkGiven(options, options.target.endpointUrl);
  const interruption = watchForInterruption();
  try {
    // With records and a given database, no account is needed.
    const account = named && options.databaseUrl ? null : await openAccountToCreate(options.target, tellRetry);
    await withDatabase(options, account, async (database) => {
      const runs = named
        ? await runsOf(named, database.url)
        : await measuredRuns(calibration, { account: account!, database }, interruption);
      const found = await calibrated(runs, platform, interruption.signal);
      const file = out ?? `${profilesDirectory}/${found.name}.json`;
      await saveProfile(found, file);
      process.stderr.write(`The profile is ${file}; \`run\` goes by it with --calibration ${out ?? found.name}.\n`);
      if (options.json) return print(toJson(found));
      const { profileTable } = await import("../../reports/profile.ts");
      print(profileTable(found, { columns: columns(), colour: isColourful() }));
    }).finally(() => account?.close());
  } finally {
    interruption.release();
  }
}

/** The newest of the named records of each probe. Throws `bad-usage` for one that is no probe's, or is of another account. */
async function namedRecords(names: readonly string[]): Promise<ProbeRecords> {
  const store = new RecordStore(runsDirectory);
  const records = (await Promise.all(names.map((name) => store.find(name)))).flatMap((listing) => listing.records);
  const found: ProbeRecords = {};
  for (const record of records) {
    const probe = probeOf(record);
    if (probe === undefined) {
      throw new BenchError(
        "bad-usage",
        `${record.runId} is no run of a probe that this version can use: it is of another kind, or its events or metrics were not through; name runs of \`calibrate\`, after \`report --refresh\` where metrics are missing.`,
      );
    }
    const [first] = Object.values(found);
    if (first && !isDeepStrictEqual(first.location, record.location)) {
      throw new BenchError(
        "bad-usage",
        `${first.runId} and ${record.runId} are of different accounts, regions or endpoints; name runs of one.`,
      );
    }
    const before = found[probe];
    if (before === undefined || before.startedAt < record.startedAt) found[probe] = record;
  }
  return found;
}

/** The probe that a record is a run of. Its events have to be through, and its metrics where the probe decides something by them. */
function probeOf(record: RunRecord): ProbeName | undefined {
  if (record.target !== "aws" || record.outcome !== "drained") return undefined;
  return probes.find((probe) => {
    const { scenario, settings } = planned(probe);
    const isComplete = !probe.needsMetrics || record.metricsWindow.complete;
    const isSame = record.templateHash === scenario.templateHash && isDeepStrictEqual(record.settings, settings);
    return record.scenario === scenario.name && record.summary.totalEvents === probe.events && isSame && isComplete;
  })?.name;
}

function planned({ scenario, overrides }: Probe): { scenario: Scenario; settings: Settings } {
  const found = findScenario(scenario);
  return { scenario: found, settings: settingsOf(found, overrides) };
}

/** The records with their rows; null for rows that are not all in the database. */
async function runsOf(records: ProbeRecords, databaseUrl: string): Promise<ProbeRuns> {
  const database = await Invocations.open(databaseUrl);
  try {
    await database.ensureTable();
    const runs: ProbeRuns = {};
    for (const [probe, record] of Object.entries(records) as [ProbeName, RunRecord][]) {
      const rows = (await database.columns(record.groupId)).toRows();
      const isWhole = new Set(rows.map(({ id }) => id)).size === record.summary.eventsCompleted;
      runs[probe] = { record, rows: isWhole ? rows : null };
    }
    return runs;
  } finally {
    await database.close();
  }
}

/** Runs the probes of which there is no recent record with its rows. */
async function measuredRuns(
  { options, fresh }: CalibrationRequest,
  meeting: Meeting,
  interruption: Interruption,
): Promise<ProbeRuns> {
  const { account, database } = meeting;
  const runs = fresh ? {} : await recentRuns(account.origin.location, database.url);
  const missing = probes.filter(({ name }) => runs[name] === undefined);
  const plans = missing.map((probe) => {
    const request = requestOf(probe, newRunId(`calibrate-${probe.name}`));
    return { probe, request: { ...request, maxCostDollars: options.maxCostDollars } };
  });
  refuseTooDear(plans.map(({ request }) => request));
  process.stderr.write(introduction(runs));
  if (plans.length > 0) {
    await obtainConsent(
      plans.map(({ request }) => request),
      meeting,
      1,
      options.yes,
      interruption.signal,
    );
  }
  const records: ProbeRecords = {};
  try {
    await onDatabase(account, database, options.target, async (run) => {
      for (const { probe, request } of plans) {
        process.stderr.write(`The probe ${probe.name}:\n`);
        const { record, failure } = await runOne(run, request, options, interruption);
        if (failure !== null) throw failure;
        if (record !== null && probeOf(record) === probe.name) records[probe.name] = record;
        else
          process.stderr.write(
            `The probe ${probe.name} ended before its events or its metrics were through, and decides nothing.\n`,
          );
      }
    });
  } catch (failure) {
    const done = Object.keys(runs).length + Object.keys(records).length;
    process.stderr.write(
      `${done} of ${probes.length} probes are recorded; the same command goes on with the others within a day.\n`,
    );
    throw failure;
  }
  return { ...runs, ...(await runsOf(records, database.url)) };
}

async function recentRuns(location: Location, databaseUrl: string): Promise<ProbeRuns> {
  const { records } = await new RecordStore(runsDirectory).list();
  const since = new Date(Date.now() - recentMs).toISOString();
  const recent: ProbeRecords = {};
  for (const record of records) {
    const probe = probeOf(record);
    const isOurs = isDeepStrictEqual(record.location, location) && record.startedAt >= since;
    if (probe !== undefined && isOurs) recent[probe] ??= record;
  }
  const runs = Object.entries(await runsOf(recent, databaseUrl)) as [ProbeName, ProbeRun][];
  return Object.fromEntries(runs.filter(([probe, { rows }]) => rows !== null || !isByRows(probe)));
}

function isByRows(probe: ProbeName): boolean {
  return (probesWithRows as readonly ProbeName[]).includes(probe);
}

/** Says what each probe is for, how long it takes, and which of them are there. */
function introduction(runs: ProbeRuns): string {
  const lines = probes.map(({ name, decides, minutes }) => {
    const record = runs[name]?.record;
    return `  ${name}: ${decides}; ${record ? `there is ${record.runId} of ${record.startedAt.slice(0, 16)}Z` : `about ${minutes} min`}\n`;
  });
  const left = probes.filter(({ name }) => runs[name] === undefined);
  const minutes = left.reduce((sum, probe) => sum + probe.minutes, 0);
  return `The probes; ${left.length} are to be run, one after the other, about ${minutes} min in all:\n${lines.join("")}`;
}

/** The request of a run of the probe, on an account or the model. */
function requestOf(probe: Probe, runId: string): RunRequest {
  const { events, needsMetrics: waitForMetrics } = probe;
  const expected = { limit: null, maxLoss: null, maxWait: null, claims: null };
  return {
    runId,
    ...planned(probe),
    expected,
    events,
    timeoutMs,
    waitForMetrics,
    keep: false,
    versions: versionsHere(),
  };
}

/** Throws `target-failed` when nothing is decided. */
async function calibrated(runs: ProbeRuns, platform: PlatformName, signal: AbortSignal): Promise<AccountProfile> {
  const entries = probes.flatMap(({ name }): [ProbeName, ProbeRun][] => (runs[name] ? [[name, runs[name]]] : []));
  const records: ProbeRecords = Object.fromEntries(entries.map(([probe, { record }]) => [probe, record]));
  const rows = Object.fromEntries(
    entries.flatMap(([probe, run]) => (run.rows && isByRows(probe) ? [[probe, run.rows]] : [])),
  );
  process.stderr.write("Fitting the model's numbers, with runs of the model.\n");
  const simulate = simulation(platform, signal);
  const model: Model = {
    unpublished: unpublishedConstants(platform),
    backoffMs: mappingBackoffMs,
    freeSlotMs: (busyMs) => meanFreeSlotMs(platform, busyMs),
    simulate,
  };
  const { constants, undecided } = await fitAccount(records, observationsOf(rows), model);
  const [first] = entries;
  if (first === undefined || Object.keys(constants).length === 0) {
    throw new BenchError(
      "target-failed",
      "The probes decide none of the model's numbers, so there is no profile; look at their records with `throttle-bench report`.",
    );
  }
  const { accountId, region, endpoint } = first[1].record.location;
  const at = endpoint === null ? "" : `-at-${new URL(endpoint).host.replace(/[^A-Za-z0-9.-]+/g, "-")}`;
  return {
    profileVersion: 1,
    name: `${accountId ?? "account"}-${region}${at}`,
    accountId,
    region,
    endpoint,
    platform,
    versions: versionsHere(),
    calibratedAt: new Date().toISOString(),
    probes: entries.map(([probe, { record }]) => {
      const { runId, startedAt, finishedAt } = record;
      return { probe, runId, startedAt, finishedAt };
    }),
    constants,
    undecided,
  };
}

/** Simulations on every core. */
function simulation(platform: PlatformName, signal: AbortSignal): Model["simulate"] {
  return async (name, constants) => {
    const probe = probes.find((each) => each.name === name)!;
    const { events, needsMetrics: waitForMetrics } = probe;
    const { scenario, settings } = planned(probe);
    const variations = constants.flatMap((assumptions, trial) =>
      // No two trials share a seed: what one seed does to all of them would not even out.
      Array.from({ length: simulatedSeeds }, (_, index) => {
        return { settings, events, timeoutMs, assumptions, seed: trial * simulatedSeeds + index + 1 };
      }),
    );
    const model = { platform, profile: null, ranges: false };
    const runs: Figures[] = [];
    for await (const figures of simulateAll({ scenario, model, limit: null, waitForMetrics }, variations, signal))
      runs.push(figures);
    return constants.map((_, trial) => runs.slice(trial * simulatedSeeds, (trial + 1) * simulatedSeeds));
  };
}
