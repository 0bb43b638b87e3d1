/** Makes a resource type of its properties, its attributes, and how it is created and deleted. */
import type { TemplateMap } from "../../template/template.ts";
import type { Created, Creation, ResourceType } from "../account.ts";
import { assumed, type Fact } from "../platforms/fact.ts";
import { ServiceError } from "../service-error.ts";
import { inert, object, Reading, type Shape, type Values } from "./properties.ts";

export interface Definition<S extends Shape> {
  /** Properties that have no influence on what is modelled. */
  inert?: readonly string[];
  /** Names further parts of a resource with these properties that have no influence; `all`: the whole of it. */
  inertIn?(properties: TemplateMap): "all" | readonly string[];
  attributes?: readonly string[];
  /** A resource that needs CAPABILITY_IAM, and CAPABILITY_NAMED_IAM when it has the property `namedBy`. */
  iam?: { namedBy: string | null };
  /** From the service's call to CREATE_COMPLETE, milliseconds. */
  creationMs: Fact;
  deletionMs: Fact;
  /** @throws ServiceError as the service does; then nothing is left behind. */
  create(creation: Creation<Values<S>>): Created;
  /**
   * Gives the resource the properties of a changed template; absent: an update is refused by name.
   * @throws ServiceError as the service does; then nothing has changed.
   */
  update?(created: Created, creation: Creation<Values<S>>): void;
  /** Properties whose change makes CloudFormation replace the resource, which is not modelled. */
  replacedBy?: readonly string[];
}

/**
 * `type`: such as `AWS::SQS::Queue`. `acted`: the properties that the model acts upon. Any property that is neither here nor
 * among the inert ones is refused by name.
 */
export function resourceType<S extends Shape>(type: string, acted: S, definition: Definition<S>): ResourceType {
  const { inert: inertNames = [], attributes = [], iam = null, creationMs, deletionMs, replacedBy = [] } = definition;
  const shape = { ...acted, ...Object.fromEntries(inertNames.map((name) => [name, inert])) };
  const read = object(shape);
  const checked = (creation: Creation<TemplateMap>): Creation<Values<S>> => {
    const reading = new Reading(true);
    const properties = read(creation.properties, [], reading) as unknown as Values<S>;
    if (reading.problems.length === 0) return { ...creation, properties };
    const faults = reading.problems.map(({ path, message }) => `#/${path.join("/")} ${message}`).join("; ");
    throw new InvalidProperties(
      `Properties validation failed for resource ${creation.logicalId} with message: ${faults}`,
    );
  };
  return {
    type,
    inertProperties: inertNames,
    ...(definition.inertIn && { inertIn: definition.inertIn }),
    attributes,
    iam,
    creationMs,
    deletionMs,
    check(properties) {
      const reading = new Reading(false);
      read(properties, [], reading);
      return reading.problems;
    },
    replacedBy,
    create: (creation) => definition.create(checked(creation)),
    update: definition.update ? (created, creation) => definition.update!(created, checked(creation)) : null,
  };
}

/** CloudFormation's own complaint about resolved properties, before any service is called. */
export class InvalidProperties extends ServiceError {
  constructor(message: string) {
    super("InvalidRequest", message);
  }
}

export function alreadyExists(type: string, identifier: string): ServiceError {
  return new ServiceError(
    "AlreadyExists",
    `Resource of type '${type}' with identifier '${identifier}' already exists.`,
  );
}

/** The time that CloudFormation takes for a resource, given in seconds. AWS publishes no such figures. */
export function takes(seconds: number, range: [number, number], why: string): Fact {
  return assumed(seconds * 1_000, [range[0] * 1_000, range[1] * 1_000], why);
}
