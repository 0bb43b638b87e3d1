/** Ways that are one template: which of them a candidate belongs to. */
import { describe, expect, it } from "vitest";
import { findScenario } from "../../../../src/scenarios/catalogue.ts";
import { nearestWay, shapesOf } from "../../../../src/simulation/search/shapes.ts";

const names = ["sqs-reserved-1-short", "sqs-reserved-1", "sqs-reserved-5", "single-instance-held"];

describe("Ways that are one template", () => {
  const shape = shapesOf(names.map(findScenario)).find((ways) => ways.length > 1)!;
  const held = shape.find(
    ({ scenario }) => scenario.alias === "single-instance-held" || scenario.name === "single-instance-held",
  );

  it("are searched together", () => {
    expect(shape).toHaveLength(names.length);
  });

  it("get back what has the settings of one of them", () => {
    for (const way of shape) expect(nearestWay(shape, way.own)).toBe(way);
  });

  it("never call a way held whose consumer holds nothing, whatever else is as there", () => {
    expect(nearestWay(shape, { ...held!.own, HoldMs: "0" })).not.toBe(held);
    expect(nearestWay(shape, { ...held!.own, HoldMs: "2000", VisibilityTimeout: "3600" })).toBe(held);
  });
});
