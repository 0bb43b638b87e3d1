/** The beginning of a path: who sends the events of a run, and what they come through before a queue or the function. */
import { awsDefault } from "../../targets/service-rules.ts";
import type { Station } from "../event-path.ts";
import { flag } from "./ledger.ts";
import { inScenario, type Lifting } from "./lifting.ts";
import { plainText } from "./queue.ts";

/** Before a queue. Without a topic or a bus, the producer sends to it straight away: so it does where it stands for a bucket. */
export function liftEntryToQueue(lifting: Lifting, queue: Station): void {
  const { draft } = lifting;
  const before = stationBefore(lifting, queue);
  switch (before?.service) {
    case "SNS":
    case "SNS FIFO":
      draft.use(before.service === "SNS FIFO" ? "fifo-topic" : "producer-to-topic", "topic-to-queue");
      // A topic that keeps the order asks for message groups, and its queue need not keep it.
      if (before.service === "SNS FIFO" && queue.service === "SQS") draft.use("message-groups");
      liftTopic(lifting, before);
      lifting.ledger.property(
        lifting.ownerOfLink(lifting.linkTo(queue)),
        ["RawMessageDelivery"],
        ["Subscription", "RawMessageDelivery"],
        flag,
      );
      break;
    case "EventBridge":
      if (queue.service === "SQS FIFO") {
        // Its target has one message group for all events, which is not modelled.
        draft.use("producer-to-queue");
        break;
      }
      draft.use("producer-to-bus", "bus-to-queue");
      liftRetries(lifting, queue, "MaximumEventAge", "MaximumRetryAttempts");
      break;
    default:
      draft.use("producer-to-queue");
  }
}

/** Before a function that is invoked asynchronously. A topic stands for everybody else who invokes so. */
export function liftEntryToFunction(lifting: Lifting): void {
  const { draft, path } = lifting;
  const fn = path.stations.at(-1)!;
  const before = stationBefore(lifting, fn);
  if (before?.service === "EventBridge") {
    draft.use("producer-to-bus", "bus-to-consumer");
    liftRetries(lifting, fn, "RuleMaximumEventAge", "RuleMaximumRetryAttempts");
    return;
  }
  draft.use("producer-to-topic", "topic-to-consumer");
  if (before?.service === "SNS") liftTopic(lifting, before);
}

function liftTopic(lifting: Lifting, topic: Station): void {
  if (topic.service !== "SNS FIFO") return;
  const owner = lifting.owner(topic);
  lifting.ledger.property(owner, ["ContentBasedDeduplication"], ["Topic", "ContentBasedDeduplication"], flag);
  lifting.ledger.property(owner, ["FifoThroughputScope"], ["Topic", "FifoThroughputScope"], plainText);
}

/** A rule's target is tried again, and given up at last. */
export function liftRetries(lifting: Lifting, target: Station, ageSetting: string, attemptsSetting: string): void {
  const owner = lifting.ownerOfLink(lifting.linkTo(target));
  const inRule = inScenario("Rule", "Targets");
  lifting.ledger.setting({
    setting: ageSetting,
    owner,
    keys: ["RetryPolicy", "MaximumEventAgeInSeconds"],
    otherwise: awsDefault("eventbridge.maximumEventAgeMs", 1_000),
    at: [inRule],
  });
  lifting.ledger.setting({
    setting: attemptsSetting,
    owner,
    keys: ["RetryPolicy", "MaximumRetryAttempts"],
    otherwise: awsDefault("eventbridge.maximumRetries"),
    at: [inRule],
  });
}

/** null: the path begins with it. */
export function stationBefore({ path }: Lifting, station: Station): Station | null {
  return path.stations[path.stations.indexOf(station) - 1] ?? null;
}
