/** A template of somebody's own on the account: it runs, goes on after it was killed, and its runs compare. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { theirTemplate } from "../cli/their-template.ts";
import { openDatabase, serving } from "./serving.ts";
import { aPlace, journalIn, start, until } from "./started-run.ts";

it("A lifted scenario is measured, resumed after a kill without its file, and compared", {
  timeout: 120_000,
}, async () => {
  const database = await openDatabase();
  const served = await serving(database.url, { speed: 120 });
  try {
    const place = aPlace(served.endpoint, served.clockUrl, database.url);
    const { workplace, environment } = place;
    const theirs = workplace.write("theirs.yaml", theirTemplate);
    workplace.write("other.yaml", theirTemplate.replace("MaximumConcurrency: 4", "MaximumConcurrency: 2"));
    const flags = ["--parameters", "Batch=5", "--events", "40"];

    const killed = start(place, `./${theirs}`, ...flags, "--run-id", "killed");
    await until(killed, () => journalIn(workplace, "killed").includes('"done":"fire"'));
    killed.child.kill("SIGKILL");
    await killed.ended;
    // It goes on from its journal, whatever became of the file.
    workplace.write("theirs.yaml", "Resources: {}\n");
    const resumed = await workplace.runBinary(environment, "resume", "killed", "--json");
    expect(resumed.status, resumed.stderr).toBe(0);
    const [record] = JSON.parse(resumed.stdout) as [RunRecord];
    expect(record).toMatchObject({
      scenario: "theirs",
      outcome: "drained",
      settings: { MaximumConcurrency: "4", BatchSize: "5" },
      summary: { totalEvents: 40, eventsCompleted: 40, eventsMissing: 0 },
      warnings: [{ code: "work-assumed", workMs: 1000 }],
    });

    workplace.write("theirs.yaml", theirTemplate);
    const whole = await workplace.runBinary(environment, "run", "./theirs.yaml", ...flags, "--run-id", "whole");
    expect(whole.status, whole.stderr).toBe(0);
    const same = await workplace.runBinary(environment, "compare", "killed", "whole", "--json");
    expect(JSON.parse(same.stdout)).toMatchObject([{ scenario: "theirs" }]);
    const other = await workplace.runBinary(environment, "run", "./other.yaml", ...flags);
    expect(other.status, other.stderr).toBe(0);
    const ways = await workplace.runBinary(environment, "compare", "whole", "other");
    expect(ways).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/theirs.*other/s) });
    const { Stacks } = await served.cloudFormation.send(new DescribeStacksCommand({}));
    expect(Stacks).toEqual([]);
  } finally {
    await served.close();
    await database.close();
  }
});
