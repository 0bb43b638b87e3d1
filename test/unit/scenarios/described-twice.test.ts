/** A description that stands there twice is a fault like any other, also where the first is empty. */
import { expect, it } from "vitest";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";

it("tells of the key that stands there twice", () => {
  const { templateBody } = findScenario("kinesis-one-shard");
  const twice = templateBody.replace(/^ {2}ThrottleBench:$/m, "  ThrottleBench:\n$&\n    Parts: []");
  expect(() => readScenario("mine", "mine.yaml", twice)).toThrow(/Map keys must be unique/);
});
