/** `throttle-bench recommend`: which way of throttling holds for what comes and for what the downstream takes, and with which settings. */
import { exitStatus } from "../../errors.ts";
import { answerFormats, answerText } from "../../reports/answers/formats.ts";
import { requireWritable, requireWritableFiles, write, writeFiles } from "../files.ts";
import { readConfiguration } from "../flags/configuration.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { model } from "../flags/model.ts";
import { outFlags, requireOut } from "../flags/out.ts";
import { fields, question, questionOf, search } from "../flags/question.ts";
import { readQuestionFile } from "../flags/question-file.ts";
import { system } from "../flags/system.ts";
import { tried } from "../flags/tried.ts";
import { text } from "../flags/values.ts";
import { workers } from "../flags/workers.ts";
import { outputOptions, print } from "../output.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  question,
  {
    title: "Your own",
    flags: {
      from: {
        takes: "<file>",
        read: text,
        help: "a template of your own, as `init --from` takes it: does it hold, and what to change",
      },
      ...system.flags,
      try: tried,
    },
  },
  { title: search.title, flags: { ...search.flags, ...workers.flags } },
  model,
  {
    title: "Output",
    flags: {
      ...formatFlags(answerFormats),
      ...outFlags("write the winner as a template that `run` takes, such as mine.yaml"),
    },
  },
] as const;

type RecommendFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [{ name: "[file]", help: "the question as YAML or JSON; a flag goes before its field" }],
  flags: groups,
  help: `It asks three things: how many calls the downstream takes, how many events come
in a spike, and how long that lasts. Theory leaves out what cannot hold, and
simulations decide between the rest; the answer is the same whenever the
question, the effort and the seed are. Nothing is deployed.

A file has the same fields in camel case, such as maxWait:
  limit: 1/s
  spike: 50/s
  for: 20s
  work: 300ms..2s

Examples:
  throttle-bench recommend --limit 1/s --spike 50/s --for 20s
  throttle-bench recommend --limit 10/s --spike 200/s --for 1m --work 0.3s..2s \\
    --max-wait 30m --max-loss 1%
  throttle-bench recommend --limit 1/s --spike 50/s --for 20s --out mine.yaml
  throttle-bench recommend --from template.yaml --function Worker --work 1s \\
    --limit 5/s --spike 50/s --for 20s
  throttle-bench recommend question.yaml --order required --html answer.html

Exit status: 0 something holds, 1 nothing holds, 2 bad input, 130 interrupted.`,
  async run(flags, file: string | undefined) {
    const chosen = chosenFormats(answerFormats, flags);
    const asked: RecommendFlags = file === undefined ? flags : { ...(await readQuestionFile(file, fields)), ...flags };
    requireOut(asked);
    requireWritableFiles(chosen.files);
    if (asked.out !== undefined) requireWritable(asked.out);
    const defaults = (await readConfiguration()).run;
    const { chosenModel } = await import("../running/chosen-model.ts");
    const { ranges: _, ...by } = await chosenModel(asked, defaults, true);
    const posed = questionOf(asked, by);
    const { recommend } = await import("../running/recommendation.ts");
    const { recommendation, template } = await recommend(posed, { ...asked, tried: asked.try });
    const options = outputOptions();
    print(
      chosen.text === null
        ? answerText(recommendation, options)
        : chosen.text.format.text([recommendation], options, chosen.text.choice),
    );
    // The answer took a minute to find, so that it is told before a file can fail, and no file hangs on another.
    const written = template === null ? null : write(template.path, template.text);
    await Promise.all([written, writeFiles([recommendation], chosen.files)]);
    if (recommendation.answer.winner === null) process.exitCode = exitStatus.expectation;
  },
});
