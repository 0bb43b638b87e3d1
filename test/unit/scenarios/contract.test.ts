/** The contract names what the handlers need, and no more. */
import { expect, it } from "vitest";
import { createAdapter } from "../../../infra/handlers/adapter.ts";
import { createConsumer } from "../../../infra/handlers/consumer.ts";
import type { Ports } from "../../../infra/handlers/ports.ts";
import { createProducer } from "../../../infra/handlers/producer.ts";
import { createRecorder } from "../../../infra/handlers/recorder.ts";
import { neededVariables } from "../../../infra/handlers/variables.ts";
import { findScenario, shippedScenarios } from "../../../src/scenarios/catalogue.ts";
import { contractFaults } from "../../../src/scenarios/contract.ts";
import { queueReadings } from "../../../src/scenarios/queue-reading.ts";
import { refusals } from "../../../src/scenarios/refusals.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { groupsOf } from "../../../src/steps/stack.ts";
import { outOfBounds, serviceDefaults } from "../../../src/targets/service-rules.ts";

const handlers = {
  producer: createProducer,
  consumer: createConsumer,
  recorder: createRecorder,
  adapter: createAdapter,
};

it.each(Object.entries(handlers))("names the variables that the %s cannot work without", (name, create) => {
  const needed = [...neededVariables[name as keyof typeof handlers]].map((each) => [each].flat() as string[]);
  const made = (variables: string[]) =>
    create({
      environment: Object.fromEntries(variables.map((variable) => [variable, "1"])),
      newId: () => "id",
    } as never as Ports);
  for (const alternatives of needed) {
    const others = needed.filter((each) => each !== alternatives).map(([first]) => first!);
    for (const variable of alternatives) expect(made([...others, variable])).toBeTypeOf("function");
    for (const variable of alternatives.slice(1)) {
      expect(() => made([...others, alternatives[0]!, variable])).toThrow(variable);
    }
    // The URL is read where a connection is made, which no handler does by itself.
    if (alternatives[0] !== "DATABASE_URL") expect(() => made(others)).toThrow(alternatives[0]);
  }
});

it("asks for the groups whose rows the harness counts", () => {
  expect(groupsOf("run")).toEqual({ completed: "run/consumer", dead: "run/dead-letter" });
});

it.each(shippedScenarios().map((scenario) => [scenario.name, scenario] as const))(
  "finds no fault with %s",
  (_, scenario) => {
    const settings = settingsOf(scenario, []);
    expect(contractFaults(scenario, settings)).toEqual([]);
    expect(refusals(scenario, settings, serviceDefaults)).toEqual([]);
    expect(outOfBounds(scenario, settings)).toEqual([]);
  },
);

it("reads the numbers of each queue, with the settings that give them", () => {
  const scenario = shippedScenarios().find(({ name }) => name === "scenario-4")!;
  const readings = queueReadings(scenario, settingsOf(scenario, ["VisibilityTimeout=77"]), serviceDefaults);
  const numbers = readings.map(({ mapping, visibility, timeout, batchSize, window, maxReceiveCount }) => [
    mapping.logicalId,
    ...[visibility, timeout, batchSize, window, maxReceiveCount].map((each) => each && [each.value, each.setting]),
  ]);
  expect(numbers).toEqual([
    [
      "ConsumerMapping",
      [77, "VisibilityTimeout"],
      [10, "ConsumerTimeout"],
      [1, "BatchSize"],
      [0, "MaximumBatchingWindow"],
      [2, "MaxReceiveCount"],
    ],
    ["DeadLetterRecorderMapping", [180, null], [30, null], [10, null], [0, null], null],
  ]);
});

it("refuses a database's password in a template, which records would keep, and does not repeat it", () => {
  const { templateBody } = findScenario("scenario-5");
  const faultsWith = (url: string) => {
    const text = templateBody.replaceAll("DATABASE_URL: !Ref DatabaseUrl", `DATABASE_URL: ${url}`);
    expect(text).not.toBe(templateBody);
    const scenario = readScenario("mine", "mine.yaml", text);
    return contractFaults(scenario, settingsOf(scenario, []));
  };
  const faults = faultsWith("postgresql://me:hunter2@db.example.com/x");
  expect(faults.map(({ path }) => path[1])).toEqual(["ConsumerFunction", "DeadLetterRecorderFunction"]);
  for (const { path, message } of faults) {
    expect(path.at(-1)).toBe("DATABASE_URL");
    expect(message).toMatch(/has a password, .*: write DATABASE_URL: !Ref DatabaseUrl/);
    expect(message).not.toContain("hunter2");
  }
  expect(faultsWith("postgresql://me@db.example.com/x")).toEqual([]);
});
