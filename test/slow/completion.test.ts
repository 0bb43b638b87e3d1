/** Completion in fish and zsh themselves. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { has, lines, withProgram } from "../cli/shells.ts";

it.skipIf(!has("fish"))("completes in fish, and evaluates nothing of the line", () => {
  const { directory, environment, files } = withProgram();
  const ask = Object.keys(lines).map((line) => `complete -C '${line}' | string replace -r '\\t.*' ''; echo .`);
  const script = ["throttle-bench completion fish | source", ...ask].join("\n");
  const said = execFileSync("fish", ["--no-config", "-c", script], {
    cwd: directory,
    env: { ...environment, HOME: directory },
    encoding: "utf8",
  });
  const whole = said
    .split(".\n")
    .slice(0, -1)
    .map((words) => words.trim().split("\n").sort());
  // fish replaces the whole word, also what stands before its =.
  expect(whole.map((words) => words.map((word) => word.replace(/.*=/, "")))).toEqual(Object.values(lines));
  expect(files().filter((name) => name === "pwned")).toEqual([]);
});

it.skipIf(!has("zsh"))("completes in zsh, and evaluates nothing of the line", () => {
  const { directory, environment, files } = withProgram();
  const ask = Object.keys(lines).flatMap((line) => {
    const words = line.split(" ").map((word) => `'${word}'`);
    return [`words=(${words.join(" ")}); CURRENT=${words.length}; _throttle_bench`, "print ."];
  });
  // The parts of zsh that show words in a terminal give way to one that prints them.
  const script = [
    'compdef() { :; }; _describe() { print -l -- "${(@P)2%%:*}"; }',
    "source <(throttle-bench completion zsh)",
    ...ask,
  ].join("\n");
  const said = execFileSync("zsh", ["-f", "-c", script], { cwd: directory, env: environment, encoding: "utf8" });
  const whole = said
    .split(".\n")
    .slice(0, -1)
    .map((words) => words.trim().split("\n").sort());
  expect(whole.map((words) => words.map((word) => word.replace(/.*=/, "")))).toEqual(Object.values(lines));
  expect(files()).toEqual(["throttle-bench"]);
});
