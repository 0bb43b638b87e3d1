/** `recommend --from`: the answer begins with a template of somebody's own, and is the same however often and wherever it is asked for. */
import { expect, it } from "vitest";
import { theirTemplate } from "../cli/their-template.ts";
import { aWorkplace } from "../cli/throttle-bench.ts";

const asked = ["--limit", "1/s", "--spike", "2/s", "--for", "2s", "--max-wait", "1s", "--effort", "20"];

it("The same question of one's own template has the same answer, with one thread and with two", async () => {
  const workplace = aWorkplace();
  workplace.write("theirs.yaml", theirTemplate);
  const from = [
    "recommend",
    "--from",
    "theirs.yaml",
    "--parameters",
    "Batch=5",
    ...asked,
    "--ways",
    "sns-direct",
    "--json",
  ];
  const one = await workplace.run(...from, "--workers", "1");
  const two = await workplace.run(...from, "--workers", "2");
  expect(two.stdout).toBe(one.stdout);
  const { own, candidates, families } = JSON.parse(one.stdout);
  expect(own).toMatchObject({
    file: "theirs.yaml",
    path: "SQS Jobs → Lambda Worker",
    holds: false,
    isWorkAssumed: true,
  });
  const asItIs = candidates.find(({ id }: { id: string }) => id === own.asItIs);
  expect(asItIs).toMatchObject({
    origin: "user",
    changed: [],
    standing: "breaks",
    settings: { MaximumConcurrency: "4", BatchSize: "5" },
  });
  expect(families.map(({ way }: { way: { name: string } }) => way.name)).toEqual(["theirs", "scenario-1"]);
});
