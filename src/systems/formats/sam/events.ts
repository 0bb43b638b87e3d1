/** The events of a function, each by its type. */

import { Event } from "./event.ts";
import type { Expansion, Invoked, SamResource } from "./expansion.ts";
import { invocations } from "./invocations.ts";
import { expandMapping, mappingTypes } from "./mappings.ts";
import { expandRule, expandSchedule, ruleTypes } from "./rules.ts";
import { expandSubscription } from "./subscriptions.ts";

type Expand = (event: Event, invoked: Invoked, expansion: Expansion) => void;

const functionEvents: ReadonlyMap<string, Expand> = new Map([
  ...mappingTypes.map((type): [string, Expand] => [type, expandMapping]),
  ...ruleTypes.map((type): [string, Expand] => [type, expandRule]),
  ["ScheduleV2", expandSchedule],
  ["SNS", expandSubscription],
  ...invocations,
]);

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventsource.html */
const stateMachineEvents: ReadonlyMap<string, Expand> = new Map([
  ...ruleTypes.map((type): [string, Expand] => [type, expandRule]),
  ["ScheduleV2", expandSchedule],
  // A request starts it, which invokes nothing by itself.
  ["Api", () => {}],
]);

export function expandEvents(owner: SamResource, invoked: Invoked, expansion: Expansion): void {
  const events = owner.properties.get("Events");
  if (events === undefined) return;
  const known = owner.type === "AWS::Serverless::Function" ? functionEvents : stateMachineEvents;
  if (!events.isMap) {
    expansion.refuse(events, `Events of ${owner.logicalId} must be a map of events by their names`);
  }
  for (const [name, written] of events.entries) {
    const type = written.get("Type")?.text;
    const expand = known.get(type ?? "");
    if (type === undefined) {
      expansion.refuse(written, `the event ${name} of ${owner.logicalId} has no Type; give it one, such as SQS`);
    } else if (expand === undefined) {
      const types = new Intl.ListFormat("en-GB", { type: "disjunction" }).format([...known.keys()].sort());
      expansion.refuse(
        written.get("Type")!,
        `the event ${name} of ${owner.logicalId} has the type ${type}, which SAM does not know; it takes ${types}`,
      );
    } else {
      expand(new Event(name, `${owner.logicalId}${name}`, type, written), invoked, expansion);
    }
  }
}
