/** `throttle-bench init`: a scenario of one's own to begin with. */
import { startingScenario } from "../../scenarios/starting-scenario.ts";
import { write } from "../files.ts";
import { outFlags, requireFree, requireOut } from "../flags/out.ts";
import { print } from "../output.ts";
import { defineVerb } from "../verb.ts";

const groups = [{ title: "Output", flags: outFlags("write the scenario there, such as mine.yaml") }] as const;

export const verb = defineVerb({
  flags: groups,
  help: `Prints a scenario that runs as it is, with comments that say what to change.

Examples:
  throttle-bench init --out mine.yaml
  throttle-bench run ./mine.yaml

Exit status: 0 done, 2 bad input, 3 the file could not be written.`,
  async run(flags) {
    requireOut(flags);
    requireFree(flags.out, flags.force === true);
    const text = startingScenario();
    await (flags.out === undefined ? print(text.trimEnd()) : write(flags.out, text));
  },
});
