/** A lifting as reports tell it, with the commands that come after it. */
import { commandOf } from "../../reports/command.ts";
import type { LiftingView } from "../../reports/lifting/document.ts";
import type { NextStep } from "../../reports/next-steps.ts";
import { adviceOn } from "../../systems/advice.ts";
import type { SystemFlags } from "../flags/system.ts";
import { systemWords } from "../flags/system.ts";
import type { Lifting } from "./lifting.ts";

/** `out`: the file that the scenario is written to; null: none. */
export function liftingView({ system, lifted }: Lifting, flags: SystemFlags, out: string | null): LiftingView {
  const isOfSetting = (message: string) => lifted.unread.some((each) => each.message === message);
  const unread = system.unread.filter(({ message }) => !isOfSetting(message));
  const { format, file } = system;
  const words = systemWords(flags, system.template.parameters);
  return {
    format,
    file,
    lifted,
    unread,
    advice: adviceOn(system, lifted),
    next:
      format === "account" && out === null
        ? [toWrite(file, words)]
        : nextSteps(out === null ? [file, ...words] : [here(out)], out),
  };
}

/** An account's system runs from a file. `origin`: `stack NAME` or `function NAME`. */
function toWrite(origin: string, words: readonly string[]): NextStep {
  const [kind, name] = origin.split(" ");
  const command = commandOf("init", `--from-${kind}`, name!, ...words, "--out", "mine.yaml");
  return { does: "Write it to a file, which every verb takes:", command };
}

/** `words`: the scenario as verbs take it. */
function nextSteps(words: readonly string[], out: string | null): NextStep[] {
  const from = out === null ? words : [...words];
  return [
    {
      does: "Run it on the local model, with a spike of your own:",
      command: commandOf("run", ...words, "--rate", "50/s", "--for", "20s"),
    },
    {
      does: "Ask whether it holds for your limit, and what would:",
      command: commandOf("recommend", "--from", ...from, "--limit", "5/s", "--spike", "50/s", "--for", "20s"),
    },
  ];
}

/** A name alone would be taken for that of a shipped scenario only without its ending; a reader sees a path. */
function here(path: string): string {
  return /[\\/]/.test(path) ? path : `./${path}`;
}
