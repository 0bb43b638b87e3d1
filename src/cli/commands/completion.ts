/** `throttle-bench completion`: the script by which a shell completes what is typed. */
import { scripts } from "../completion/scripts.ts";
import { oneOf } from "../flags/values.ts";
import { defineVerb } from "../verb.ts";

const shells = Object.keys(scripts) as (keyof typeof scripts)[];

export const verb = defineVerb({
  operands: [{ name: "<shell>", help: "bash, zsh or fish", words: shells }],
  flags: [],
  help: `It completes verbs, flags and their values, scenarios and their aliases,
settings behind --set, figures, numbers of the model, and ids of recorded runs.
Put the last line of the examples into ~/.bashrc, or with zsh into ~/.zshrc
after compinit. For fish, write the script to a file throttle-bench.fish in
~/.config/fish/completions.

Examples:
  throttle-bench completion fish
  source <(throttle-bench completion bash)`,
  async run(_flags, shell: string) {
    process.stdout.write(scripts[oneOf(shells)(shell, "The shell")]);
  },
});
