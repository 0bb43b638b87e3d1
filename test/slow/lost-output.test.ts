/** Output that cannot be written, in every way of that: the work goes on, its record is kept, and no stack trace is shown. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectRunGoesOn, expectSaysSo, full, type Streams, withLost } from "../cli/lost-streams.ts";
import { aWorkplace, onDatabase } from "../cli/throttle-bench.ts";

describe.skipIf(!existsSync(full))("a run", () => {
  it.each<[streams: Streams, status: number]>([
    [{ stderr: "full" }, 0],
    [{ stdout: "full", stderr: "full" }, 3],
    [{ stderr: "closed" }, 0],
    [{ stdout: "closed" }, 0],
  ])("with %o goes on, and its record is kept", expectRunGoesOn);

  it("whose report breaks what is asked for has lost that report all the same", async () => {
    const { directory, run } = aWorkplace();
    await run("run", "scenario-5", "--events", "20", "--run-id", "lost", ...(await onDatabase()));
    expect(await run("report", "lost", "--max-wait", "1s")).toMatchObject({ status: 1 });
    expect(await withLost(directory, { stdout: "full" }, "report", "lost", "--max-wait", "1s")).toMatchObject({
      status: 3,
    });
  });

  it.each([["doctor"], ["show", "scenario-4"], ["show", "scenario-4", "--template"], ["help"], ["completion", "bash"]])(
    "says so of %s %s %s, and no more",
    async (...args) => {
      await expectSaysSo(...args.filter((each) => each !== undefined));
    },
  );
});
