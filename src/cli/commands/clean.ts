/** `throttle-bench clean`: lists and removes the stacks that earlier runs left in an account. */
import { BenchError, messageOf } from "../../errors.ts";
import { idleCostPerDay } from "../../metrics/cost.ts";
import { type Deletion, deleteOwnStack } from "../../stacks/deletion.ts";
import { findStack, kindOf, ownStacks, removalOf, resourcesOf, type Stack } from "../../stacks/stack.ts";
import { type StackKind, tagNames } from "../../stacks/tags.ts";
import type { Account } from "../../targets/target.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { account, removal } from "../flags/place.ts";
import { ageMs, badUsage, unitMs } from "../flags/values.ts";
import { print, tell, toJson } from "../output.ts";
import { withAccount } from "../running/account.ts";
import { askToRemove } from "../running/consent.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  {
    title: "Stacks",
    flags: {
      olderThan: { takes: "<age>", read: ageMs, help: "only stacks that are older, such as 12h or 30d" },
      expired: { help: "remove those that no run can need any more, without asking, and say nothing of others" },
      ...removal,
      json: { help: "print the stacks as JSON" },
    },
  },
  account,
] as const;

type CleanFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [{ name: "[stack...]", help: "names of stacks, or ids of their runs (default: every run's)" }],
  flags: groups,
  help: `Without a terminal to ask on, and without --yes, it only lists. With --yes alone
it removes the stacks that have expired. One that has not may belong to a run in
progress; it is removed when it is named, or when --older-than covers it.

--expired is for cron, and says nothing where nothing has expired. A stack does
so a day after the time that its run had to fire and to drain, as its tag
throttle-bench:expires says, also one that --keep left. A run that goes on ends
before that, and so does one that is resumed. Several cleaners at once do no
harm. The logs of a run's functions go with its stack.

Examples:
  throttle-bench clean
  throttle-bench clean throttle-bench-20261123-094512-scenario-4-x7k2
  throttle-bench clean --older-than 1d --yes
  17 3 * * * cd ~/bench && npx throttle-bench clean --expired --region eu-west-1

Exit status: 0 done, 2 bad input, 3 something could not be removed,
130 interrupted.`,
  run: clean,
});

/** A stack of ours, as it is listed. */
interface Leftover {
  name: string;
  /** null: its tag is of another version. */
  kind: StackKind | null;
  runId: string | null;
  owner: string | null;
  /** CloudFormation's word. */
  status: string;
  createdAt: string;
  /** By the target's clock. */
  ageMs: number;
  /** null: an earlier version made it, without this tag. */
  expires: string | null;
  expired: boolean;
  /** null: could not be counted. */
  resources: number | null;
  /** null: not known. */
  idleDollarsPerDay: number | null;
  outcome: "listed" | "removed" | "left";
  /** Why it is left, and the command that removes it. */
  reason: string | null;
}

interface Found extends Leftover {
  id: string;
}

/** Throws `bad-usage` for a stack that is not ours, with nothing touched; `target-failed` when something is left. */
async function clean(flags: CleanFlags, names: string[]): Promise<void> {
  const olderThanMs = flags.olderThan ?? null;
  const expired = flags.expired === true;
  await withAccount(flags, async (target, { signal }) => {
    const found = await findLeftovers(target, signal);
    const wanted = await chooseStacks(target, found, names, { olderThanMs, expired });
    if (!flags.json && !expired) print(listOf(target, found));
    try {
      const isExplicit = names.length > 0 || olderThanMs !== null;
      await removeThose(target, wanted, isExplicit, flags.yes === true || expired, signal);
    } finally {
      if (flags.json) print(toJson((expired ? wanted : found).map(({ id, ...leftover }): Leftover => leftover)));
    }
    const left = wanted.filter(({ outcome }) => outcome === "left");
    if (left.length > 0)
      throw new BenchError("target-failed", left.map(({ reason }) => reason).join("\n"), { isList: true });
  });
}

async function findLeftovers(target: Account, signal: AbortSignal): Promise<Found[]> {
  const stacks = await ownStacks(target, signal);
  const now = target.clock.now();
  return Promise.all(stacks.map((stack) => describeStack(target, stack, now)));
}

async function describeStack(target: Account, stack: Stack, now: number): Promise<Found> {
  const { id, name, status, createdAt, tags } = stack;
  const resources = await resourcesOf(target, id, { failure: "not counted" }).catch(() => null);
  const kind = kindOf(stack);
  const expires = tags.get(tagNames.expires) ?? null;
  const mappings = resources?.filter(({ type }) => type === "AWS::Lambda::EventSourceMapping").length ?? null;
  return {
    id,
    name,
    kind,
    runId: tags.get(tagNames.runId) ?? null,
    owner: tags.get(tagNames.owner) ?? null,
    status,
    createdAt: new Date(createdAt).toISOString(),
    ageMs: Math.max(0, now - createdAt),
    expires,
    expired: expires !== null && Date.parse(expires) <= now,
    resources: resources?.length ?? null,
    // The cost of a database depends on its instance, which is not known here.
    idleDollarsPerDay: kind === "run" && mappings !== null ? idleCostPerDay(mappings) : null,
    outcome: "listed",
    reason: null,
  };
}

/** The stacks that are to go, by name or by age. A database goes only when it is named, because its rows go with it. */
async function chooseStacks(
  target: Account,
  found: readonly Found[],
  names: readonly string[],
  { olderThanMs, expired }: { olderThanMs: number | null; expired: boolean },
): Promise<Found[]> {
  for (const name of names) {
    if (!found.some((each) => isNamed(each, name))) throw await notOurs(target, name);
  }
  return found.filter((each) => {
    if (names.length === 0 ? each.kind !== "run" : !names.some((name) => isNamed(each, name))) return false;
    return (olderThanMs === null || each.ageMs > olderThanMs) && (!expired || each.expired);
  });
}

function isNamed({ name, runId }: Leftover, given: string): boolean {
  return given === name || given === runId;
}

async function notOurs(target: Account, name: string): Promise<BenchError> {
  const isThere = (await findStack(target, name, { failure: `The stack ${name} cannot be looked at` })) !== null;
  const problem = isThere
    ? `The stack ${name} was not made by throttle-bench, and was left as it is`
    : `There is no stack ${name} in ${target.origin.location.region}`;
  return badUsage(`${problem}; \`throttle-bench clean\` lists those that can be removed.`);
}

/** `isExplicit`: names or an age were given, which cover also stacks that a run may need. */
async function removeThose(
  target: Account,
  wanted: Found[],
  isExplicit: boolean,
  yes: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (wanted.length === 0) return;
  const inUse = wanted.filter(({ expired }) => !expired);
  const warning = inUse.length === 0 ? "" : ` ${inUse.length} of them may belong to a run in progress.`;
  const question = `Remove ${wanted.map(({ name }) => name).join(", ")}?${warning}`;
  if (!(await askToRemove(question, yes, signal))) return;
  const going = !yes || isExplicit ? wanted : wanted.filter(({ expired }) => expired);
  for (const { name, expires } of wanted.filter((each) => !going.includes(each))) {
    const until = expires === null ? "" : ` until ${expires}`;
    tell(`${name} stays, because a run may need it${until}; name it to remove it.`);
  }
  await Promise.all(going.map((each) => remove(target, each, signal)));
}

/** Rejects only when it is interrupted, so that one stack keeps no other from being removed. */
async function remove(target: Account, leftover: Found, signal: AbortSignal): Promise<void> {
  const { name } = leftover;
  const deletion = await deleteOwnStack(target, leftover, { signal }).catch((failure): Deletion => {
    signal.throwIfAborted();
    return { outcome: "left", status: leftover.status, why: messageOf(failure), remedy: removalOf(target, name) };
  });
  if (deletion.outcome === "left") {
    const { status, why, remedy } = deletion;
    leftover.outcome = "left";
    leftover.status = status;
    leftover.reason = `The stack ${name} is left (${status}: ${why}); when that is mended, remove it with: ${remedy}`;
    return;
  }
  leftover.outcome = "removed";
  tell(`${name} was removed.`);
}

function listOf({ origin }: Account, found: readonly Found[]): string {
  const { accountId, region } = origin.location;
  const where = `account ${accountId ?? "not known"}, region ${region}`;
  if (found.length === 0) return `No stack of throttle-bench is in ${where}.`;
  const lines = found.map((each) => `  ${each.name}\n    ${factsOf(each).join(", ")}`);
  return [`Stacks of throttle-bench in ${where}:`, ...lines].join("\n");
}

function factsOf(leftover: Leftover): string[] {
  const { kind, runId, owner, status, ageMs, expires, expired, resources, idleDollarsPerDay } = leftover;
  return [
    kind === "run" ? `run ${runId ?? "not known"}` : (kind ?? "of another version"),
    status,
    `${ageOf(ageMs)} old`,
    `${resources ?? "unknown"} resources`,
    idleDollarsPerDay === null ? "" : `about $${idleDollarsPerDay.toFixed(2)} a day`,
    owner === null ? "" : `by ${owner}`,
    expired ? "expired" : kind === "run" && expires !== null ? `a run may need it until ${expires}` : "",
    kind === "database" ? "removed only when it is named, with its rows" : "",
  ].filter((fact) => fact !== "");
}

function ageOf(ms: number): string {
  if (ms >= 2 * unitMs.d) return `${Math.floor(ms / unitMs.d)} days`;
  if (ms >= 2 * unitMs.h) return `${Math.floor(ms / unitMs.h)} hours`;
  return `${Math.floor(ms / unitMs.m)} min`;
}
