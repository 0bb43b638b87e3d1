/** The account's event source mappings, and their settings in AWS's names. */
import type { Account } from "../../account.ts";
import type { Output } from "../../api/operation.ts";
import { ServiceError } from "../../service-error.ts";
import type { Shape, Values } from "../../template/properties.ts";
import { existingFunction } from "../settings.ts";
import { commonInputs, commonSettings, describeCommonSettings, invalid } from "./settings.ts";
import type { EventSource } from "./source.ts";
import * as registeredSources from "./sources.ts";

type RegisteredSource = (typeof registeredSources)[keyof typeof registeredSources];
type Mapping = ReturnType<RegisteredSource["map"]>;
/** The settings of any kind of source. */
export type MappingSettings = Parameters<RegisteredSource["map"]>[3];

const sources: readonly EventSource[] = Object.values(registeredSources);

/** All members of a mapping's input, whatever it reads: AWS has one shape for all. */
export const mappingInputs: Shape & typeof commonInputs = {
  ...commonInputs,
  ...Object.assign({}, ...sources.map(({ inputs }) => inputs)),
};

/** A sentence that says what is wrong with a source's ARN; null: a mapping can read it. */
export function unmodelledSource(eventSourceArn: string): string | null {
  if (sourceOf(eventSourceArn)) return null;
  return `must be the ARN of ${sources.map(({ noun }) => noun).join(" or ")} for the local target`;
}

/** @throws ServiceError for a member that the kind of source does not have. */
export function mappingSettings(eventSourceArn: string, input: Values<typeof mappingInputs>): MappingSettings {
  const source = knownSource(eventSourceArn);
  const foreign = Object.keys(mappingInputs).find(
    (name) => name in input && !(name in commonInputs) && !(name in source.inputs),
  );
  if (foreign !== undefined) throw invalid(`${foreign} is not a setting of a mapping that reads ${source.noun}.`);
  return { ...commonSettings(input), ...source.settings(input) };
}

export function describeMapping(mapping: Mapping): Output {
  return {
    UUID: mapping.uuid,
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: mapping.functionArn,
    State: mapping.state,
    StateTransitionReason: "USER_INITIATED",
    LastModified: new Date(mapping.lastModifiedAt),
    ...describeCommonSettings(mapping.settings),
    ...knownSource(mapping.eventSourceArn).describe(mapping.settings),
  };
}

export class EventSourceMappings {
  readonly #mappings = new Map<string, Mapping>();

  constructor(private readonly account: Account) {}

  /** @throws ServiceError for a missing source or function, missing permissions, or settings out of bounds. */
  create(eventSourceArn: string, functionName: string, settings: MappingSettings = {}): Mapping {
    const fn = existingFunction(this.account, functionName);
    const source = knownSource(eventSourceArn);
    const existing = this.list().find((each) => each.eventSourceArn === eventSourceArn && each.functionArn === fn.arn);
    if (existing) {
      throw new ServiceError(
        "ResourceConflictException",
        `An event source mapping with ${source.service.toUpperCase()} arn (" ${eventSourceArn} ") and function (" ${fn.name} ") already exists. Please update or delete the existing mapping with UUID ${existing.uuid}`,
        409,
      );
    }
    const mapping = source.map(this.account, eventSourceArn, fn, settings) as Mapping;
    this.#mappings.set(mapping.uuid, mapping);
    mapping.start();
    return mapping;
  }

  /** @throws ServiceError `ResourceNotFoundException`. */
  delete(uuid: string): void {
    this.mapping(uuid).delete();
    this.#mappings.delete(uuid);
  }

  /** @throws ServiceError `ResourceNotFoundException`. */
  mapping(uuid: string): Mapping {
    const mapping = this.#mappings.get(uuid);
    if (mapping) return mapping;
    throw new ServiceError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
  }

  list(): Mapping[] {
    return [...this.#mappings.values()];
  }
}

function sourceOf(eventSourceArn: string): EventSource | undefined {
  const service = /^arn:[^:]+:([^:]+):/.exec(eventSourceArn)?.[1];
  return sources.find((each) => each.service === service);
}

function knownSource(eventSourceArn: string): EventSource {
  const source = sourceOf(eventSourceArn);
  if (source) return source;
  throw invalid(`The event source ${eventSourceArn} ${unmodelledSource(eventSourceArn)}.`);
}
