/** Assembles the record of a run from what its steps have learned. */
import { caveatsOf } from "../metrics/caveats.ts";
import { costOf } from "../metrics/cost.ts";
import { verdictOf } from "../metrics/verdict.ts";
import type {
  Assumption,
  Burst,
  Caveat,
  Origin,
  Outcome,
  Parameter,
  RepeatedRequests,
  RunRecord,
  RunRequest,
  Settings,
  Spending,
} from "../model.ts";
import type { Target } from "../targets/target.ts";
import { mask } from "../template/parameter.ts";
import { consumerSize } from "./consumer.ts";
import type { Decisions } from "./decisions.ts";
import type { Measured } from "./measure.ts";
import { minimumPollers } from "./provisioned-pollers.ts";
import { provisionedShards } from "./provisioned-shards.ts";
import { groupsOf, type Stack } from "./stack.ts";

/** Everything that the steps have learned of a run. */
export interface Learned {
  /** wall clock, ISO */
  startedAt: string;
  /** wall clock, ISO */
  finishedAt: string;
  stack: Stack;
  burst: Burst;
  outcome: Outcome;
  measured: Measured;
  decisions: Decisions;
  repeated: readonly RepeatedRequests[];
  /** A sentence: what became of the stack. */
  cleanUp: string;
  spending: Spending | null;
}

export function assembleRecord({ origin }: Target, request: RunRequest, learned: Learned): RunRecord {
  const { scenario, runId, settings, expected, versions } = request;
  const { id: _, events: stackEvents, ...stack } = learned.stack;
  const groups = groupsOf(runId);
  const size = consumerSize(scenario, settings);
  const { measured, outcome } = learned;
  const record: Omit<RunRecord, "caveats"> = {
    schemaVersion: 3,
    runId,
    groupId: groups.completed,
    deadLetterGroupId: groups.dead,
    scenario: scenario.name,
    title: scenario.title,
    topology: scenario.topology,
    templateHash: scenario.templateHash,
    template: scenario.keptTemplateBody,
    settings: withoutSecrets(settings, scenario.template.parameters),
    ...origin,
    assumptions: decided(origin.assumptions, learned.decisions),
    versions,
    startedAt: learned.startedAt,
    finishedAt: learned.finishedAt,
    outcome,
    cleanUp: learned.cleanUp,
    stack,
    burst: learned.burst,
    ...measured,
    expected,
    verdict: verdictOf([{ outcome, ...measured }], expected),
    uncertainty: null,
    stackEvents,
    published: scenario.published,
    cost: costOf(
      { ...learned.measured, topology: scenario.topology, burst: learned.burst, stack },
      {
        consumer: size,
        minimumPollers: minimumPollers(scenario, settings),
        shards: provisionedShards(scenario, settings),
      },
      request.prices,
    ),
    spending: learned.spending,
    warnings: request.warnings ?? [],
    ignored: request.ignored ?? null,
  };
  const ofWay = [...endpointCaveats(origin), ...repeatedCaveats(learned.repeated)];
  return { ...record, caveats: [...ofWay, ...caveatsOf(record, scenario.template.parameters)] };
}

/** The model's numbers, each of those that are counted with what it decided in this run. */
function decided(assumptions: Assumption[] | null, decisions: Decisions) {
  return assumptions?.map((assumption) => ({ ...assumption, decided: decisions?.[assumption.name] ?? null })) ?? null;
}

/** The settings with the values of NoEcho parameters masked, since they are stored nowhere. */
export function withoutSecrets(settings: Settings, parameters: readonly Parameter[]): Settings {
  const secret = new Set(parameters.filter(({ noEcho }) => noEcho).map(({ name }) => name));
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, secret.has(name) ? mask : value]));
}

function endpointCaveats({ location: { endpoint } }: Origin): Caveat[] {
  return endpoint === null ? [] : [{ code: "other-endpoint", endpoint }];
}

function repeatedCaveats(repeated: readonly RepeatedRequests[]): Caveat[] {
  return repeated.length === 0 ? [] : [{ code: "requests-repeated", requests: [...repeated] }];
}
