/** `throttle-bench resume` where no run was interrupted. */
import { expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";

it("lists nothing in a sentence, and with --json as an empty list", async () => {
  const workplace = aWorkplace();
  expect(await workplace.run("resume")).toEqual({ status: 0, stdout: "No run waits to be resumed.\n", stderr: "" });
  expect(await workplace.run("resume", "--json")).toEqual({ status: 0, stdout: "[]\n", stderr: "" });
});
