/** `throttle-bench init`: a scenario to begin with, or one that is lifted from a template of somebody's own. */
import { exitStatus } from "../../errors.ts";
import { liftingFormats } from "../../reports/lifting/formats.ts";
import { startingScenario } from "../../scenarios/starting-scenario.ts";
import { write, writeFiles } from "../files.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { outFlags, requireFree, requireOut } from "../flags/out.ts";
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
      work: {
        takes: "<time>",
        read: workRange,
        help: "how long the work for an event takes, which no template tells: 300ms, or 300ms..2s",
      },
    },
  },
  {
    title: "Output",
    flags: { ...outFlags("write the scenario there, such as mine.yaml"), ...formatFlags(liftingFormats) },
  },
] as const;

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

Exit status: 0 done, 2 bad input, or several event paths and none chosen, 3 the
file could not be written.`,
  async run(flags) {
    requireOut(flags);
    requireFree(flags.out, flags.force === true);
    await (flags.from === undefined ? writeStart(flags) : writeLifted(flags.from, flags));
  },
});

async function writeStart(flags: InitFlags): Promise<void> {
  const { text, files } = chosenFormats(liftingFormats, flags);
  const formats = [...(text === null ? [] : [text]), ...files].map(({ format }) => `--${format.name}`);
  const [given] = [...typedFlags(flags, ["function", "queue", "parameters", "work"]), ...formats];
  if (given !== undefined) throw badUsage(`${given} goes with --from; add that, or leave it out.`);
  const start = startingScenario();
  await (flags.out === undefined ? print(start.trimEnd()) : write(flags.out, start));
}

async function writeLifted(from: string, flags: InitFlags): Promise<void> {
  const chosen = chosenFormats(liftingFormats, flags);
  const [{ readSource }, { liftFrom, pathsToChoose, readFrom }, { liftingView }, { commentedScenario, liftingText }] =
    await Promise.all([
      import("../running/system-source.ts"),
      import("../running/chosen-scenarios.ts"),
      import("../running/lifting-view.ts"),
      import("../../reports/lifting/formats.ts"),
    ]);
  const system = readFrom(readSource(from), flags);
  if (chosen.text?.format.name === "json") {
    const paths = pathsToChoose(system, flags);
    if (paths.length > 1) {
      print(toJson({ file: system.file, paths }));
      process.exitCode = exitStatus.badInput;
      return;
    }
  }
  const view = liftingView(liftFrom(system, flags, flags.work), flags, flags.out ?? null);
  const options = outputOptions();
  if (chosen.text !== null) print(chosen.text.format.text([view], options, chosen.text.choice));
  else if (flags.out === undefined) print(commentedScenario(view).trimEnd());
  else print(liftingText(view, options));
  if (flags.out !== undefined) await write(flags.out, commentedScenario(view));
  await writeFiles([view], chosen.files);
}
