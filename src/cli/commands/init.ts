/** `throttle-bench init`: a scenario to begin with, or one that is lifted from a template of somebody's own. */
import { exitStatus } from "../../errors.ts";
import { liftingFormats } from "../../reports/lifting/formats.ts";
import { startingScenario } from "../../scenarios/starting-scenario.ts";
import type { AccountReading } from "../../systems/account/account-reading.ts";
import { write, writeFiles } from "../files.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { outFlags, requireFree, requireOut } from "../flags/out.ts";
import { account } from "../flags/place.ts";
import { system } from "../flags/system.ts";
import { workRange } from "../flags/times.ts";
import { badUsage, text } from "../flags/values.ts";
import { outputOptions, print, toJson } from "../output.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  {
    title: "From a template of your own",
    flags: {
      from: {
        takes: "<file>",
        read: text,
        help: "CloudFormation, SAM, Serverless Framework, a Terraform plan as JSON, cdk.out, or - for a pipe",
      },
      ...system.flags,
      fromStack: {
        takes: "<name>",
        read: text,
        help: "in place of --from: a stack of an account, with the Duration of its functions in the last 14 days",
      },
      fromFunction: {
        takes: "<name>",
        read: text,
        help: "in place of --from: a function of an account, and what sends it events; with :alias, its alias",
      },
      work: {
        takes: "<time>",
        read: workRange,
        help: "how long the work for an event takes, which no template tells: 300ms, or 300ms..2s",
      },
    },
  },
  account,
  {
    title: "Output",
    flags: { ...outFlags("write the scenario there, such as mine.yaml"), ...formatFlags(liftingFormats) },
  },
] as const;

/** A file has no times. */
type Theirs = Pick<AccountReading, "system"> & Partial<AccountReading>;

type InitFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  flags: groups,
  help: `Without --from it prints a scenario that runs as it is, with comments that say
what to change. With --from it lifts the settings that throttle out of a
template that exists: timeouts, batches, concurrency, retries, dead letters. The
table says of each where it is from, and what was left out.

Examples:
  throttle-bench init --out mine.yaml
  throttle-bench init --from template.yaml --function Worker --out mine.yaml
  throttle-bench init --from cdk.out --parameters Stage=prod --work 300ms..2s
  terraform show -json plan.out | throttle-bench init --from - --function worker
  throttle-bench init --from-stack orders --region eu-west-1 --function Worker
  throttle-bench init --from-function worker --profile prod --out mine.yaml

An account is only read; \`throttle-bench doctor --policy read\` prints the
permissions that this needs.

Exit status: 0 done, 2 bad input, or several event paths and none chosen, 3 the
account could not be read or the file not be written.`,
  async run(flags) {
    requireOut(flags);
    requireFree(flags.out, flags.force === true);
    const reading = await readTheirs(flags);
    await (reading === null ? writeStart(flags) : writeLifted(reading, flags));
  },
});

async function writeStart(flags: InitFlags): Promise<void> {
  const { text, files } = chosenFormats(liftingFormats, flags);
  const formats = [...(text === null ? [] : [text]), ...files].map(({ format }) => `--${format.name}`);
  const [given] = [
    ...typedFlags(flags, ["function", "queue", "parameters", "work", "profile", "region", "endpointUrl"]),
    ...formats,
  ];
  if (given !== undefined) {
    throw badUsage(`${given} goes with --from, --from-stack or --from-function; add one, or leave it out.`);
  }
  const start = startingScenario();
  await (flags.out === undefined ? print(start.trimEnd()) : write(flags.out, start));
}

/** A system, with what an account knows of its functions; null: none is asked for. */
async function readTheirs(flags: InitFlags): Promise<Theirs | null> {
  const { from, fromStack, fromFunction } = flags;
  const [first, second] = typedFlags(flags, ["from", "fromStack", "fromFunction"]);
  if (second !== undefined) throw badUsage(`${first} and ${second} do not go together; leave one out.`);
  if (from !== undefined) {
    const [given] = typedFlags(flags, ["profile", "region", "endpointUrl"]);
    if (given !== undefined) throw badUsage(`${given} is for --from-stack and --from-function; leave it out.`);
    const [{ readSource }, { readFrom }] = await Promise.all([
      import("../running/system-source.ts"),
      import("../running/lifting.ts"),
    ]);
    return { system: readFrom(readSource(from), flags) };
  }
  if (fromStack === undefined && fromFunction === undefined) return null;
  if (flags.parameters !== undefined) {
    throw badUsage("--parameters is for --from, because a stack and a function have their values; leave it out.");
  }
  const [{ withAccount }, { readStack }, { readFunction }] = await Promise.all([
    import("../running/account.ts"),
    import("../../systems/account/stack.ts"),
    import("../../systems/account/function.ts"),
  ]);
  let theirs: Theirs | null = null;
  await withAccount(flags, async (opened, { signal }) => {
    theirs = await (fromStack === undefined
      ? readFunction(opened, fromFunction!, signal)
      : readStack(opened, fromStack, signal));
  });
  return theirs;
}

async function writeLifted(theirs: Theirs, flags: InitFlags): Promise<void> {
  const chosen = chosenFormats(liftingFormats, flags);
  const [{ liftFrom, pathsToChoose }, { liftingView }, { commentedScenario, liftingText }] = await Promise.all([
    import("../running/lifting.ts"),
    import("../running/lifting-view.ts"),
    import("../../reports/lifting/formats.ts"),
  ]);
  const { system } = theirs;
  if (chosen.text?.format.name === "json") {
    const paths = pathsToChoose(system, flags);
    if (paths.length > 1) {
      print(toJson({ file: system.file, paths }));
      process.exitCode = exitStatus.badInput;
      return;
    }
  }
  const view = liftingView(liftFrom(system, flags, flags.work, theirs), flags, flags.out ?? null);
  const options = outputOptions();
  if (chosen.text !== null) print(chosen.text.format.text([view], options, chosen.text.choice));
  else if (flags.out === undefined) print(commentedScenario(view).trimEnd());
  else print(liftingText(view, options));
  if (flags.out !== undefined) await write(flags.out, commentedScenario(view));
  await writeFiles([view], chosen.files);
}
