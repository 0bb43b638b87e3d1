/** The words for a lifted path: its title, topology and summary, as a person would write them. */
import { basename } from "node:path";
import { type EventPath, pathInWords } from "../event-path.ts";
import type { Heading } from "./draft.ts";
import type { Lifting } from "./lifting.ts";

/** Settings that a title names where they limit something: the word, and the value that stands for none. */
const limits: readonly [setting: string, word: string, none: string][] = [
  ["MaximumConcurrency", "maximum concurrency", "0"],
  ["ReservedConcurrency", "reserved concurrency", "none"],
  ["InvocationRateLimit", "requests a second:", "300"],
];

export function headingOf(lifting: Lifting, isWorkAssumed: boolean): Heading {
  const { path, system, draft } = lifting;
  const file = basename(system.file);
  const topology = path.stations.map(({ service }) => service);
  const worker = path.stations.at(-1)!.name;
  const limited = limits.flatMap(([setting, word, none]) => {
    const value = draft.settingOf(setting);
    return value === null || value === none ? [] : [`, ${word} ${value}`];
  });
  const way = topology.length > 1 ? topology.join(" to ") : "asynchronous invocations of Lambda";
  return {
    origin: `${pathInWords(path)}: an event path of ${file}, with the settings that throttle it.`,
    title: `${worker}: ${way}${limited.join("")}`,
    summary: [
      `The settings are those of ${file}, read on the way of an event: ${pathInWords(path)}.`,
      ...sentencesOf(lifting),
    ].join(" "),
    topology: topologyOf(path),
    assumed: isWorkAssumed ? ["WorkMs"] : [],
  };
}

/** The services that a run really goes through, because its cost follows from them. */
function topologyOf({ kind, stations }: EventPath): string[] {
  const services = stations.map(({ service }) => service).filter((service) => service !== "S3");
  // A path is entered at the topic, or the bus, that is next to what reads or is invoked.
  const kept = services.slice(
    kind === "API destination" ? 0 : Math.max(0, services.length - (kind === "asynchronous" ? 2 : 3)),
  );
  if (kind === "API destination") return [...kept, "Lambda"];
  if (kept[0] === "EventBridge" && kept[1] === "SQS FIFO") return kept.slice(1);
  return kept.length === 1 ? ["SNS", ...kept] : kept;
}

function* sentencesOf({ path, draft }: Lifting): Iterable<string> {
  const [entry] = path.stations;
  const worker = path.stations.at(-1)!;
  if (path.stations.length === 1) yield `A topic stands for whoever invokes ${worker.name}.`;
  if (entry?.service === "S3") {
    const isInvoked = path.stations[1] === worker;
    yield isInvoked
      ? `A topic stands for the bucket ${entry.name}: both invoke the function asynchronously.`
      : `The producer stands for the bucket ${entry.name}.`;
  }
  const receives = draft.settingOf("MaxReceiveCount");
  if (receives !== null) {
    yield receives === "0"
      ? "The queue has no dead-letter queue: a message that fails comes back until the queue no longer keeps it."
      : `A message that fails comes back after ${draft.settingOf("VisibilityTimeout")} s, and is given up after ${receives} ${receives === "1" ? "receive" : "receives"}.`;
  }
  yield path.kind === "API destination"
    ? `The consumer stands for the endpoint of ${worker.name}.`
    : `The consumer stands for the code of ${worker.name}.`;
}
