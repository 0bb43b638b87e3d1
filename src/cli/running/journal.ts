/** Begins the journal of a run on an account, and drops it when nothing is left to resume. */
import type { BenchError } from "../../errors.ts";
import type { RunRequest } from "../../model.ts";
import { type InterruptedRun, type Journal, JournalStore } from "../../records/journal.ts";
import { keptScenario } from "../../scenarios/catalogue.ts";
import { removalOf } from "../../stacks/stack.ts";
import { withoutSecrets } from "../../steps/record.ts";
import { stackNameOf } from "../../steps/stack.ts";
import { wallClock } from "../../targets/clock.ts";
import type { Account, Target } from "../../targets/target.ts";
import { journalsDirectory } from "../directories.ts";
import type { AwsChoice } from "../flags/place.ts";
import { versionsHere } from "../version.ts";

/** Begins the journal of a run on an account, whose stack outlives the process. Throws `target-failed`. */
export async function beginJournal(target: Target, request: RunRequest, choice: AwsChoice): Promise<Journal> {
  const { scenario, settings, versions: _, ...asked } = request;
  const { name, file, keptTemplateBody: templateBody, template } = scenario;
  return new JournalStore(journalsDirectory).begin({
    journalVersion: 1,
    startedAt: wallClock(),
    ...asked,
    scenario: { name, file, templateBody },
    settings: withoutSecrets(settings, template.parameters),
    account: {
      id: target.origin.location.accountId,
      profile: choice.profile,
      region: target.origin.location.region,
      endpointUrl: choice.endpointUrl,
    },
    vpc: target.functions.vpc,
    warnings: request.warnings ?? [],
    ignored: request.ignored ?? null,
  });
}

/** The request of a run as its journal holds it, with the secret settings masked. */
export function requestIn({ header }: InterruptedRun): RunRequest {
  const { journalVersion, startedAt, account, vpc, scenario, ...asked } = header;
  return { ...asked, scenario: keptScenario(scenario), versions: versionsHere() };
}

/** Drops the journal of a run that failed, unless it had fired: then the run can still be measured, and the failure says how. */
export async function closeJournal(runId: string, failure: BenchError): Promise<void> {
  const journals = new JournalStore(journalsDirectory);
  if (!journals.has(runId)) return;
  const { reached } = await journals.load(runId);
  if (reached !== "fire") return journals.remove(runId);
  failure.cleanUp = `${failure.cleanUp ?? ""} What it came to can be had with: throttle-bench resume ${runId}`.trim();
}

/** Names the stack that another interruption would leave, with the commands that go on with it and remove it. */
export function leftBehind(target: Account, runId: string): string {
  const stack = stackNameOf(runId);
  return `The stack ${stack} may be left; go on with it by: throttle-bench resume ${runId}
or remove it with: ${removalOf(target, stack)}`;
}
