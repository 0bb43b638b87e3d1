/** What the binary says of itself. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";

it("prints the package's version", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await aWorkplace().run("--version")).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
});

it.each(["run", "list", "show", "report"])("gives an example in the help of %s", async (verb) => {
  const { status, stdout, stderr } = await aWorkplace().run(verb, "--help");
  expect(stdout).toMatch(new RegExp(`Examples?:\n  throttle-bench ${verb}`));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

it("prints its help on stderr, with status 2, when no verb is given", async () => {
  const { status, stdout, stderr } = await aWorkplace().run();
  expect(stderr).toMatch(/^Usage: throttle-bench /);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});
