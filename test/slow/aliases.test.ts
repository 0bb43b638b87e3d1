/** Aliases that stand for more than anybody can read are refused in bounded time, however long the file is that has them. */
import { expect, it } from "vitest";
import { readSystem } from "../../src/systems/formats/formats.ts";
import { bomb } from "../chaos/fuzz/mutations.ts";

it("A bomb of aliases before a template of many resources is refused within half a minute", () => {
  // To look through all of it for each of a hundred thousand aliases takes minutes.
  const resources = Array.from({ length: 1_500 }, (_, index) => `  Queue${index}: { Type: AWS::SQS::Queue }`).join(
    "\n",
  );
  const text = `${bomb(9)}Resources:\n${resources}\n`;
  const startedAt = performance.now();
  expect(() => readSystem({ file: "theirs.yaml", text, parameters: {} })).toThrow(
    /more than 200000 values, its aliases/,
  );
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});
