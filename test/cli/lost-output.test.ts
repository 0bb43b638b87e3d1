/** Output that cannot be written: the work goes on, its record is kept, nothing of it is left behind, and no stack trace is shown. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectRunGoesOn, expectSaysSo, full, type Streams } from "./lost-streams.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

describe.skipIf(!existsSync(full))("a run", () => {
  it.each<[streams: Streams, status: number]>([
    [{ stdout: "full" }, 3],
    [{ stdout: "closed", stderr: "closed" }, 0],
  ])("with %o goes on, and its record is kept", expectRunGoesOn);

  it("says so of what a verb prints, and no more", async () => {
    await expectSaysSo("list");
  });
});

describe.skipIf(!existsSync(full))("a file on a full disk", () => {
  it("is named after what was to stand in it has been printed", async () => {
    const { run } = aWorkplace();
    await run("run", "scenario-5", "--events", "20", "--run-id", "lost", ...(await onDatabase()));
    const { status, stdout, stderr } = await run("report", "lost", "--json", "--html", full, "--svg", "pictures");
    expect(status).toBe(3);
    expect(stdout).toContain('"eventsCompleted": 20');
    expect(stderr).toMatch(
      /^Wrote pictures\/.*\nerror: \/dev\/full could not be written \(ENOSPC: .*\); write it elsewhere\.\n$/s,
    );
  });
});

describe("a file that cannot be written", () => {
  const question = ["--limit", "1/s", "--spike", "50/s", "--for", "20s"];
  it.each<[why: string, args: string[], said: string]>([
    ["answer", ["recommend", ...question, "--html", "taken/answer.html"], "taken is no directory"],
    ["answer", ["recommend", ...question, "--svg", "."], "it is a directory"],
    ["template", ["recommend", ...question, "--out", "taken/mine.yaml"], "taken is no directory"],
    ["map", ["sweep", "scenario-5", "--set", "WorkMs=1..900", "--png", "taken/map.png"], "taken is no directory"],
  ])("for the %s is refused before anything is simulated: %j", async (_, args, said) => {
    const { run, write } = aWorkplace();
    write("taken", "");
    const { status, stdout, stderr } = await run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .* cannot be written \(.*\); give another path\.\n$/);
    expect(stderr).toContain(said);
  });
});
