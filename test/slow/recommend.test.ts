/** The verb `recommend` where it has to search more than once, or until its time is over. */
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aWorkplace, onDatabase } from "../cli/throttle-bench.ts";

const small = ["--limit", "1/s", "--spike", "5/s", "--for", "4s", "--effort", "30"];
const holding = [...small, "--ways", "fifo-one-group,sns-direct", "--max-wait", "5m"];

describe("an answer", () => {
  it("is the same to the same question by a file, in which a flag replaces a field, and to the run of its template", async () => {
    const workplace = aWorkplace();
    expect((await workplace.run("recommend", ...holding, "--out", "mine.yaml")).status).toBe(0);
    const asPrinted = ["run", "mine.yaml", "--rate", "5/s", "--for", "4s", "--limit", "1/s", "--json"];
    const [record] = JSON.parse((await workplace.run(...asPrinted, ...(await onDatabase()))).stdout);
    workplace.write(
      "question.yaml",
      "limit: 9/s\nspike: 5/s\nfor: 4s\nwork: 1s\nmaxWait: 5m\neffort: 30\nways: [fifo-one-group, sns-direct]\n",
    );
    const again = await workplace.run("recommend", "question.yaml", "--limit", "1/s", "--json");
    const answer = JSON.parse(again.stdout);
    expect(answer.question).toMatchObject({ limit: "1/s", spike: { rate: 5, durationMs: 4_000 }, effort: 30 });
    expect(answer.candidates[0]).toMatchObject({ id: answer.winner.candidate, way: { name: "fifo-one-group" } });
    expect(record.settings).toMatchObject(answer.candidates[0].settings);
  });

  it.skipIf(!existsSync("/dev/full")).each(["--html", "--svg", "--out"])(
    "is printed, though there is no room for the file of %s",
    async (flag) => {
      const workplace = aWorkplace();
      symlinkSync("/dev/full", join(workplace.directory, "full.yaml"));
      const { status, stdout, stderr } = await workplace.run(
        "recommend",
        ...holding,
        flag,
        "full.yaml",
        ...(flag === "--out" ? ["--force"] : []),
      );
      expect(status).toBe(3);
      expect(stdout).toMatch(/^Recommendation/);
      expect(stderr).toContain("error: full.yaml could not be written (ENOSPC");
    },
  );

  it("is not called final where time was over before the search was", async () => {
    const { stdout } = await aWorkplace().run("recommend", ...holding, "--effort", "100000", "--time-budget", "1s");
    expect(stdout.replace(/\s+/g, " ")).toMatch(
      /Time was over after [\d,]+ of 100,000 simulations, so this answer is not final/,
    );
  });
});
