/** One event path that is being lifted: its stations, and the properties from which settings are taken. */

import type { AwsDefault } from "../../targets/service-rules.ts";
import { placeOf, type TemplateMap, type TemplatePath } from "../../template/template.ts";
import type { EventPath, Link, ServiceName, Station } from "../event-path.ts";
import { Referring } from "../referring.ts";
import type { System } from "../system.ts";
import { Ledger, type Owner } from "./ledger.ts";

export class Lifting {
  readonly ledger: Ledger;
  readonly referring: Referring;

  constructor(
    readonly system: System,
    readonly path: EventPath,
  ) {
    this.ledger = new Ledger(system);
    this.referring = new Referring(system);
  }

  get draft() {
    return this.ledger.draft;
  }

  /** The first station of one of the services; null: the path has none. */
  station(...services: ServiceName[]): Station | null {
    return this.path.stations.find(({ service }) => services.includes(service)) ?? null;
  }

  /** The link that leads to a station. */
  linkTo(station: Station): Link {
    return this.path.links[this.path.stations.indexOf(station) - 1]!;
  }

  owner({ logicalId, name, place }: Station): Owner {
    if (logicalId === null) return { name, properties: null, path: [], place };
    const { properties } = this.referring.resource(logicalId)!;
    return { name, properties, path: ["Resources", logicalId, "Properties"], place };
  }

  ownerOfLink({ logicalId, path }: Link): Owner {
    let properties: TemplateMap = this.referring.resource(logicalId)!.properties;
    for (const key of path.slice(3)) properties = (properties as { [key: string | number]: TemplateMap })[key]!;
    const name = this.system.names.get(logicalId) ?? logicalId;
    return { name, properties, path, place: placeOf(this.system.template, path) };
  }
}

/** The path to a property in the scenario. */
export function inScenario(logicalId: string, ...keys: string[]): TemplatePath {
  return ["Resources", logicalId, "Properties", ...keys];
}

const mappingParameters = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html";

/** AWS's defaults that are no number of the model, because they stand for *none*. */
export function none(value: string, source: string = mappingParameters): AwsDefault {
  return { value, source };
}
