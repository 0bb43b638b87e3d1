/** Every call that passes a seam of the account is told, of a service that nobody has named, too. */
import { expect, it } from "vitest";
import { type Happening, Observation } from "../../../src/emulator/observation.ts";
import { AnEmulator } from "../../contract/an-emulator.ts";

class Box {
  constructor(readonly name: string) {}

  put(what: string): { taken: string } {
    return { taken: this.checked(what) };
  }

  checked(what: string): string {
    if (what === "") throw new Error("nothing");
    return what;
  }

  take(deliver: (what: string) => void): void {
    deliver("it");
  }
}

class Boxes {
  create(name: string): Box {
    return new Box(name);
  }
}

function observed() {
  const told: Happening[] = [];
  const { emulator } = new AnEmulator();
  const boxes = new Boxes();
  Object.assign(emulator, { boxes });
  new Observation((happening) => told.push(happening)).watch(emulator);
  return { told, boxes, emulator };
}

const inShort = (told: Happening[]) =>
  told.map(({ service, target, method, phase }) => `${service} ${(target as Box).name ?? ""} ${method} ${phase}`);

it("tells of a service that came after it, of what the service has made, and of what is called back", () => {
  const { told, boxes } = observed();
  const box = boxes.create("mine");
  told.length = 0;
  box.put("a thing");
  box.take((what) => expect(what).toBe("it"));
  expect(inShort(told)).toEqual([
    "boxes mine put call",
    "boxes mine put return",
    "boxes mine take call",
    "boxes mine take callback",
  ]);
  expect(told[1]!.values).toEqual([{ taken: "a thing" }]);
  expect(told[3]!.values).toEqual(["it"]);
  expect(new Set(told.map(({ call }) => call)).size).toBe(2);
});

it("tells what a call has thrown, and throws it", () => {
  const { told, boxes } = observed();
  const box = boxes.create("mine");
  told.length = 0;
  expect(() => box.put("")).toThrow("nothing");
  expect(inShort(told)).toEqual(["boxes mine put call", "boxes mine put throw"]);
});

it("tells of what a callback calls, also of the same resource", () => {
  const { told, boxes } = observed();
  const box = boxes.create("mine");
  told.length = 0;
  box.take(() => box.put("again"));
  expect(inShort(told)).toContain("boxes mine put call");
});

it("tells of nothing that passes through clock, metrics and permissions", () => {
  const { told, emulator } = observed();
  told.length = 0;
  emulator.cloudwatch.record({ namespace: "A", name: "B", dimensions: {} }, 1);
  emulator.iam.isAllowed([], { action: "sqs:SendMessage", resource: "*" });
  expect(told).toEqual([]);
});
