/** START HERE. A run: deploy the scenario, fire the burst, drain, measure, and always clean up. */
import { Invocations } from "./database/invocations.ts";
import { BenchError } from "./errors.ts";
import { caveatsOf } from "./metrics/caveats.ts";
import type { Caveat, Location, Parameter, RunRecord, Scenario, Settings, StackNames } from "./model.ts";
import { type Journal, noJournal } from "./records/journal.ts";
import { deploy } from "./steps/deploy.ts";
import { drain } from "./steps/drain.ts";
import { fire, recall } from "./steps/fire.ts";
import { measure } from "./steps/measure.ts";
import type { Progress } from "./steps/progress.ts";
import { groupsOf, type Stack, stackNameOf } from "./steps/stack.ts";
import { tearDown } from "./steps/tear-down.ts";
import type { Target } from "./targets/target.ts";

export interface RunRequest {
  scenario: Scenario;
  /** The value of every parameter, but the database's URL. */
  settings: Settings;
  events: number;
  runId: string;
  /** How long the drain may take, on the target's clock. */
  timeoutMs: number;
  /** Whether CloudWatch is given the time to publish the run's last minutes. */
  waitForMetrics: boolean;
  /** Leaves the stack. */
  keep: boolean;
  versions: RunRecord["versions"];
  /** The wall clock as ISO text, for the record alone. */
  wallClock: () => string;
  /** Aborted: the run stops where it is, measures what there is, and cleans up. */
  signal: AbortSignal;
}

/**
 * Resolves with the record of the run, also when events are missing or the drain was interrupted.
 * @throws BenchError when the run could not be measured; its `cleanUp` says what became of the stack.
 */
export async function bench(
  target: Target,
  request: RunRequest,
  progress: Progress,
  journal: Journal = noJournal,
): Promise<RunRecord> {
  const { scenario, settings, runId, signal, versions } = request;
  const startedAt = request.wallClock();
  const database = await Invocations.open(target.database.url);
  const clean = () => tearDown(target, stackNameOf(runId), request.keep, progress);
  try {
    await database.ensureTable();
    const stack = await journal.step("deploy", () => deploy(target, request, progress));
    let isCutShort = false;
    const burst = await journal.step(
      "fire",
      async () => {
        const fired = await fire(target, stack, request, progress);
        isCutShort = signal.aborted;
        return fired;
      },
      () => recall(target, stack, request),
    );
    const outcome = isCutShort ? "interrupted" : await drain(target, stack, database, burst, request, progress);
    const measured = await measure(target, stack, database, burst, { ...request, outcome }, progress);
    const cleanUp = await clean();
    const record: Omit<RunRecord, "caveats"> = {
      schemaVersion: 2,
      runId,
      groupId: groupsOf(runId).completed,
      deadLetterGroupId: groupsOf(runId).dead,
      scenario: scenario.name,
      title: scenario.title,
      topology: scenario.topology,
      templateHash: scenario.templateHash,
      settings: withoutSecrets(settings, scenario.parameters),
      target: target.name,
      kind: target.kind,
      platform: target.platform,
      profile: target.profile,
      seed: target.seed,
      location: locationOf(target),
      versions,
      startedAt,
      finishedAt: request.wallClock(),
      outcome,
      cleanUp,
      stack: namesOf(stack),
      burst,
      ...measured,
      uncertainty: null,
      stackEvents: stack.events,
      published: scenario.published,
    };
    return { ...record, caveats: [...endpointCaveats(target), ...caveatsOf(record, scenario.parameters)] };
  } catch (failure) {
    const interrupted = signal.aborted && failure === signal.reason;
    const error = interrupted
      ? new BenchError("interrupted", "The run was interrupted before its burst was over, and nothing was measured.")
      : failure;
    const cleanUp = await clean();
    if (error instanceof BenchError) error.cleanUp = cleanUp;
    throw error;
  } finally {
    await database.close();
  }
}

/** The values of NoEcho parameters are kept nowhere. */
export function withoutSecrets(settings: Settings, parameters: readonly Parameter[]): Settings {
  const secret = new Set(parameters.filter(({ noEcho }) => noEcho).map(({ name }) => name));
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, secret.has(name) ? "****" : value]));
}

export function locationOf({ accountId, aws: { region, endpoint } }: Target): Location {
  return { accountId, region, endpoint: endpoint === undefined ? null : new URL(endpoint).origin };
}

function namesOf({ events: _, ...names }: Stack): StackNames {
  return names;
}

function endpointCaveats(target: Target): Caveat[] {
  const { endpoint } = locationOf(target);
  return endpoint === null ? [] : [{ code: "other-endpoint", endpoint }];
}
