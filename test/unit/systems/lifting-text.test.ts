/** A lifted file says where it is from, and its runs have names that tell them apart. */
import { expect, it } from "vitest";
import { liftingView } from "../../../src/cli/running/lifting-view.ts";
import { commentedScenario, liftingText } from "../../../src/reports/lifting/formats.ts";
import { eventPathsIn } from "../../../src/systems/event-paths.ts";
import { lift } from "../../../src/systems/lift.ts";
import { aQueuePath, aSystem } from "./a-system.ts";

const anotherQueue = `  More: { Type: AWS::SQS::Queue }
  MoreFeed: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt More.Arn, FunctionName: !Ref Worker } }
  Über/x:
    Type: AWS::Lambda::Function
    Properties: { DeadLetterConfig: { TargetArn: !GetAtt Failed.Arn } }`;

it("names a file by its base name in the comments of a scenario, which is read elsewhere", () => {
  const system = aSystem(aQueuePath({ fn: "Timeout: 15", queue: "DelaySeconds: 5" }), {}, "/home/me/theirs.yaml");
  const lifted = lift(system);
  expect(lifted.text).toContain("Timeout of Worker: theirs.yaml, line 17");
  expect(lifted.text).not.toContain("/home/me");
  const view = liftingView({ system, lifted }, {}, "mine.yaml");
  expect(commentedScenario(view)).not.toContain("/home/me");
});

it("says why something was left out once", () => {
  const mapping = 'FilterCriteria: { Filters: [{ Pattern: "{}" }] }';
  const system = aSystem(aQueuePath({ mapping, others: "  Table: { Type: AWS::DynamoDB::Table }" }));
  const view = liftingView({ system, lifted: lift(system) }, {}, null);
  const text = liftingText(view, { columns: 200, colour: false, details: false });
  expect(text).toContain("Filters (every event of the spike passes)");
  expect(text).toContain("Elsewhere (not on this path)");
});

it("calls a scenario by its file, and by function and queue where the file has several paths", () => {
  expect(lift(aSystem(aQueuePath(), {}, "shop/orders.yaml")).scenario.name).toBe("orders");
  const system = aSystem(aQueuePath({ others: anotherQueue }), {}, "shop/orders.yaml");
  const choices = eventPathsIn(system).map(({ stations }) => ({
    functionName: stations.at(-1)!.name,
    queueName: stations.length > 1 ? stations[0]!.name : undefined,
  }));
  expect(choices.map((choice) => lift(system, choice).scenario.name)).toEqual([
    "orders-Worker-Jobs",
    "orders-Worker-More",
    "orders-Über-x",
  ]);
});
