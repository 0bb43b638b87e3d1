/** A schedule that invokes a function, which takes messages from a queue by itself. */

import type { Lifting } from "./lifting.ts";
import { plainText } from "./queue.ts";

/** One ReceiveMessage gives no more. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const mostOfOneReceive = "10";

export function liftPull(lifting: Lifting): void {
  const { ledger, draft, path } = lifting;
  draft.use("schedule-to-consumer");
  const rule = { ...lifting.ownerOfLink(path.links.at(-1)!) };
  const { logicalId } = path.links.at(-1)!;
  const { properties } = lifting.referring.resource(logicalId)!;
  const owner = { ...rule, properties, path: ["Resources", logicalId, "Properties"] };
  ledger.property(owner, ["ScheduleExpression"], ["Schedule", "ScheduleExpression"], plainText);
  ledger.assume(
    "PullCount",
    mostOfOneReceive,
    "how many messages the function takes at a time is in its code, and one receive gives no more; give it with --set PullCount=50",
  );
}
