/** The account of what a lifting leaves: every property of the path's resources that was not taken, and every other resource. */
import { callOf } from "../../template/calls.ts";
import { placeOf, type TemplatePath, type TemplateResource, type TemplateValue } from "../../template/template.ts";
import type { LeftOut } from "../lifted.ts";
import type { Lifting } from "./lifting.ts";
import {
  competes,
  elsewhere,
  notModelled,
  ownDeadLetters,
  propertiesLeftOut,
  provisioned,
  type Reason,
  resourceLeftOut,
  sharedReading,
  stoodFor,
  switchedOff,
  ways,
} from "./no-effect.ts";

/** In the order of the template, the rows that are not modelled first. */
export function leftOutBy(lifting: Lifting): LeftOut[] {
  const all = [...new Leaving(lifting).all()];
  return [...all.filter(({ kind }) => kind === "not modelled"), ...all.filter(({ kind }) => kind !== "not modelled")];
}

class Leaving {
  /** The path's resources by their logical IDs. */
  readonly #onPath: ReadonlySet<string>;
  /** The ledger's paths, and all that lead to one. */
  readonly #seen: ReadonlySet<string>;

  constructor(private readonly lifting: Lifting) {
    const { path, ledger } = lifting;
    const config =
      path.kind === "asynchronous" || path.kind === "pull"
        ? lifting.referring.invokeConfigOf(path.stations.at(-1)!.logicalId)
        : null;
    const ids = [...path.stations, ...path.links].map(({ logicalId }) => logicalId);
    this.#onPath = new Set([...ids, config?.logicalId ?? null].filter((id) => id !== null));
    const seen = [...ledger.seen].map((text) => JSON.parse(text) as (string | number)[]);
    this.#seen = new Set(seen.flatMap((keys) => keys.map((_, index) => JSON.stringify(keys.slice(0, index + 1)))));
  }

  *all(): Iterable<LeftOut> {
    for (const resource of this.lifting.system.template.resources) {
      if (this.#onPath.has(resource.logicalId)) yield* this.#properties(resource);
      else {
        yield this.#row(resource, null, ["Resources", resource.logicalId], this.#reasonOf(resource));
        if (resource.properties.ProvisionedConcurrencyConfig !== undefined) {
          const path = ["Resources", resource.logicalId, "Properties", "ProvisionedConcurrencyConfig"];
          yield this.#row(resource, "ProvisionedConcurrencyConfig", path, provisioned);
        }
      }
    }
  }

  *#properties(resource: TemplateResource): Iterable<LeftOut> {
    const base = ["Resources", resource.logicalId, "Properties"];
    if (/S3/.test(resource.type)) {
      yield this.#row(resource, null, base.slice(0, 2), stoodFor);
      return;
    }
    for (const [key, value] of Object.entries(resource.properties)) {
      const path = [...base, key];
      if (isSwitchedOff(key, value)) yield this.#row(resource, key, path, switchedOff);
      else if (key === "Targets" && Array.isArray(value)) yield* this.#targets(resource, value, path);
      else yield* this.#property(resource, key, value, path);
    }
  }

  /** The one target that is on the path; the others are elsewhere. */
  *#targets(rule: TemplateResource, targets: TemplateValue[], path: TemplatePath): Iterable<LeftOut> {
    const links = this.lifting.path.links.map((link) => JSON.stringify(link.path));
    for (const [index, each] of targets.entries()) {
      const at = [...path, index];
      if (!links.includes(JSON.stringify(at))) yield this.#row(rule, `Targets.${index}`, at, elsewhere);
      else if (typeof each === "object" && !Array.isArray(each)) {
        for (const [key, value] of Object.entries(each))
          yield* this.#property(rule, `Targets.${key}`, value, [...at, key]);
      }
    }
  }

  *#property(
    resource: TemplateResource,
    property: string,
    value: TemplateValue,
    path: TemplatePath,
  ): Iterable<LeftOut> {
    const reasons = propertiesLeftOut[resource.type] ?? {};
    const isSeen = this.#seen.has(JSON.stringify(path));
    const isWhole = this.lifting.ledger.seen.has(JSON.stringify(path));
    if (isWhole && !hasMembers(value)) return;
    if (isSeen && hasMembers(value)) {
      for (const [key, below] of Object.entries(value)) {
        yield* this.#property(resource, `${property}.${key}`, below, [...path, key]);
      }
      return;
    }
    if (isSeen) return;
    const reason = reasons[property] ?? notModelled;
    if (reason !== ways) yield this.#row(resource, property, path, reason);
  }

  #reasonOf(resource: TemplateResource): Reason {
    const { referring, path, system } = this.lifting;
    const { type, properties, logicalId } = resource;
    if (type === "AWS::Lambda::EventSourceMapping") {
      const fn = referring.named(properties.FunctionName, "AWS::Lambda::Function");
      const source = referring.named(properties.EventSourceArn, "AWS::SQS::Queue");
      const onPath = [fn, source].some(
        (each) => each !== null && path.stations.some((at) => at.logicalId === each.logicalId),
      );
      return onPath ? competes : elsewhere;
    }
    if (type === "AWS::Kinesis::StreamConsumer") {
      const isRead = system.template.resources.some(
        (other) =>
          this.#onPath.has(other.logicalId) &&
          referring.referenced(other.properties.EventSourceArn ?? "").some((each) => each === resource),
      );
      return isRead ? sharedReading : elsewhere;
    }
    const isDeadLetters =
      type === "AWS::SQS::Queue" &&
      system.template.resources.some(
        (other) =>
          this.#onPath.has(other.logicalId) &&
          ["RedrivePolicy", "DestinationConfig", "DeadLetterConfig"].some((key) =>
            referring.referenced(other.properties[key] ?? "").some((each) => each.logicalId === logicalId),
          ),
      );
    return isDeadLetters ? ownDeadLetters : resourceLeftOut(type);
  }

  #row({ logicalId, type }: TemplateResource, property: string | null, path: TemplatePath, reason: Reason): LeftOut {
    const { names, template } = this.lifting.system;
    return { resource: names.get(logicalId) ?? logicalId, type, property, place: placeOf(template, path), ...reason };
  }
}

function hasMembers(value: TemplateValue): value is { [key: string]: TemplateValue } {
  return typeof value === "object" && !Array.isArray(value) && callOf(value) === undefined;
}

/** A mapping, or a rule. */
function isSwitchedOff(key: string, value: TemplateValue): boolean {
  return (key === "Enabled" && String(value).toLowerCase() === "false") || (key === "State" && value === "DISABLED");
}
