/** The local model as an account that refuses some requests, loses some answers, or gives others, as AWS does on a bad day. */
import { onTestFinished } from "vitest";
import { bench, type RunContext } from "../../src/bench.ts";
import type { BenchError } from "../../src/errors.ts";
import type { RunRecord, RunRequest } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { Clients } from "../../src/targets/clients.ts";
import { openLocal } from "../../src/targets/local.ts";
import type { Target } from "../../src/targets/target.ts";
import { aContext, aRequest } from "./a-request.ts";

/** A misfortune takes the place of an answer. `lost`: the request was carried out, and the connection was cut before the answer. */
export type Misfortune = { refusal: Error } | { answer: object } | "lost";

/** Asked for each request, with its number among those of its operation, from 1. */
export type Rule = (operation: string, count: number, input: object) => Misfortune | undefined;

/** A refusal as the SDK throws it. */
export function refusal(name: string, message: string, httpStatusCode = 400): { refusal: Error } {
  return { refusal: Object.assign(new Error(message), { name, $metadata: { httpStatusCode } }) };
}

export const denied = refusal("AccessDeniedException", "not authorized to perform: that", 403);
export const expired = refusal("ExpiredTokenException", "The security token is expired", 403);

/** The n-th request of an operation meets it. */
export const at =
  (operation: string, n: number, misfortune: Misfortune): Rule =>
  (asked, count) =>
    asked === operation && count === n ? misfortune : undefined;

/** All requests of an operation from the n-th on meet it. */
export const from =
  (operation: string, n: number, misfortune: Misfortune): Rule =>
  (asked, count) =>
    asked === operation && count >= n ? misfortune : undefined;

interface Sender {
  send(command: { input: object }, ...rest: unknown[]): Promise<unknown>;
}

/** The target's clients, whose requests meet what the rule says; `operations` is told of each. */
function refusing(clients: Clients, rule: Rule, operations: string[]): Clients {
  const get: Clients["get"] = (ClientClass) => {
    const client: Sender = clients.get(ClientClass) as never;
    const send: Sender["send"] = async (command, ...rest) => {
      const operation = command.constructor.name.replace(/Command\d*$/, "");
      operations.push(operation);
      const met = rule(operation, operations.filter((each) => each === operation).length, command.input);
      if (typeof met === "object" && "refusal" in met) throw met.refusal;
      if (typeof met === "object") return met.answer;
      const answer = await client.send(command, ...rest);
      if (met === "lost") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return answer;
    };
    return { send } as never;
  };
  return Object.assign(Object.create(clients) as Clients, { get });
}

interface Run
  extends Omit<Partial<RunRequest>, "scenario">,
    Partial<Pick<RunContext, "progress" | "signal" | "journal">> {
  scenario?: RunRequest["scenario"];
  set?: readonly string[];
  rule?: Rule;
  /** True: metrics are read by CloudWatch's API, as on an account. The model has a shorter way. */
  readsCloudWatch?: boolean;
  /** Parts of the target that are others. */
  as?: Partial<Target>;
}

let runs = 0;

/** A run of scenario-5, and how it ended: with its record, or with the error that it was ended by. */
export async function runRefused({
  rule = () => undefined,
  as = {},
  readsCloudWatch = false,
  progress,
  signal,
  journal,
  ...request
}: Run) {
  const local = await openLocal({ databaseUrl: null, platform: "2026", seed: 1 });
  onTestFinished(() => local.close());
  const operations: string[] = [];
  const given = readsCloudWatch ? new Clients(local.clients.configuration) : local.clients;
  onTestFinished(() => given.close());
  const target: Target = { ...local, clients: refusing(given, rule, operations), ...as };
  const { scenario = findScenario("scenario-5"), ...rest } = request;
  const asked = aRequest(scenario, { runId: `refused-${++runs}`, ...rest });
  let record: RunRecord | null = null;
  let error: BenchError | null = null;
  try {
    record = await bench(target, asked, aContext({ progress, signal, ...(journal && { journal }) }));
  } catch (failure) {
    error = failure as BenchError;
  }
  return {
    record,
    error,
    operations,
    timesOf: (operation: string) => operations.filter((each) => each === operation).length,
  };
}
