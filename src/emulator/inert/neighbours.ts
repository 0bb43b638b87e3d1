/** An inert resource that others of its template put on an event's path, which is refused. */
import { referencesIn } from "../../template/intrinsics.ts";
import type { TemplateResource } from "../../template/template.ts";
import type { Problem } from "../template/properties.ts";
import { type Inert, inertTypes } from "./types.ts";

/** The types that a bucket or a log group can send events to. */
const takesEvents = new Set([
  "AWS::Lambda::Function",
  "AWS::Lambda::Alias",
  "AWS::Lambda::Version",
  "AWS::SQS::Queue",
  "AWS::SNS::Topic",
  "AWS::Kinesis::Stream",
]);

/** Provisioned concurrency takes its share of the function's reservation: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html */
const takesConcurrency = ["ProvisionedConcurrencyConfig", "RoutingConfig"];

/** The faults of a resource that its template puts on an event's path, with their paths from the template's root. */
export function problemsAmong(
  inert: Inert,
  resource: TemplateResource,
  resources: readonly TemplateResource[],
): Problem[] {
  return [...sendings(inert, resource, resources), ...namings(inert, resource, resources)];
}

function* sendings({ sends = [] }: Inert, sender: TemplateResource, resources: readonly TemplateResource[]) {
  for (const property of sends) {
    const value = sender.properties[property];
    if (value === undefined) continue;
    for (const { name, path } of referencesIn(value, ["Resources", sender.logicalId, "Properties", property])) {
      const taker = resources.find(({ logicalId }) => logicalId === name);
      if (taker === undefined || !takesEvents.has(taker.type)) continue;
      const message = `${sender.logicalId} (${sender.type}) sends events to ${name} by its ${property}, which the local target does not model: remove the ${property}, as the burst comes from the function of the output ProducerFunction`;
      yield { path, message };
    }
  }
}

function* namings({ unnamed }: Inert, version: TemplateResource, resources: readonly TemplateResource[]) {
  if (unnamed === undefined) return;
  for (const property of takesConcurrency.filter((each) => Object.hasOwn(version.properties, each))) {
    const message = `property ${property} of ${version.type} (${version.logicalId}) is not modelled by the local target: remove it, and ${unnamed} where events are sent`;
    yield { path: ["Resources", version.logicalId, "Properties", property], message };
  }
  for (const other of resources) {
    // Leave to invoke it is no event.
    if (Object.hasOwn(inertTypes, other.type) || /^(AWS::IAM|Custom)::/.test(other.type)) continue;
    const references = referencesIn(other.properties, ["Resources", other.logicalId, "Properties"]);
    for (const { name, path } of references) {
      if (name !== version.logicalId) continue;
      const message = `${other.logicalId} (${other.type}) names ${name} (${version.type}), and the local target has one version of each function: ${unnamed}`;
      yield { path, message };
    }
  }
}
