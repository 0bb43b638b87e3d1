/** EventBridge (Classic): event buses with their rules, connections and API destinations. */
import type { Account, EventBus, EventBuses, EventEntry, EventResult } from "../account.ts";
import { objectIn } from "../api/json.ts";
import { ServiceError } from "../service-error.ts";
import { ApiDestination, Connection } from "./api-destination.ts";
import { type BusEvent, eventTime } from "./event.ts";
import { Rule, type RuleSettings } from "./rule.ts";

interface Bus extends EventBus {
  readonly isDefault: boolean;
  readonly createdAt: number;
  readonly rules: Map<string, Rule>;
}

const defaultName = "default";

export class EventBridge implements EventBuses {
  readonly #buses = new Map<string, Bus>();
  readonly #connections = new Map<string, Connection>();
  readonly #destinations = new Map<string, ApiDestination>();

  constructor(private readonly account: Account) {
    this.#add(defaultName);
  }

  create(name: string): EventBus {
    this.#requireName(name, /^[/.\-_A-Za-z0-9]+$/, this.account.constants["eventbridge.maximumBusNameCharacters"]);
    if (this.#buses.has(name)) throw existing(`Event bus ${name} already exists.`);
    return this.#add(name);
  }

  #add(name: string): Bus {
    const arn = this.#arn(`event-bus/${name}`);
    const isDefault = name === defaultName;
    const bus: Bus = { name, arn, isDefault, createdAt: this.account.kernel.now, rules: new Map() };
    this.#buses.set(name, bus);
    return bus;
  }

  delete(nameOrArn: string): void {
    const bus = this.bus(nameOrArn);
    if (bus === undefined) return;
    if (bus.isDefault) throw new ServiceError("ValidationException", "Cannot delete event bus default.");
    for (const rule of bus.rules.values()) rule.delete();
    this.#buses.delete(bus.name);
  }

  bus(nameOrArn: string): Bus | undefined {
    return this.#buses.get(nameOrArn.startsWith("arn:") ? nameOrArn.replace(/^.*:event-bus\//, "") : nameOrArn);
  }

  list(): Bus[] {
    return [...this.#buses.values()];
  }

  /** @throws ServiceError `ResourceNotFoundException`. */
  existingBus(nameOrArn: string = defaultName): Bus {
    return this.bus(nameOrArn) ?? missing(`Event bus ${nameOrArn} does not exist.`);
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
  putEvents(entries: readonly EventEntry[]): { FailedEntryCount: number; Entries: EventResult[] } {
    const most = this.account.constants["eventbridge.maximumEntries"];
    if (entries.length < 1 || entries.length > most) {
      const constraint = `Member must have length ${entries.length < 1 ? "greater than or equal to 1" : `less than or equal to ${most}`}`;
      throw new ServiceError(
        "ValidationException",
        `1 validation error detected: Value '[...]' at 'entries' failed to satisfy constraint: ${constraint}`,
      );
    }
    const Entries = entries.map((entry) => this.#put(entry));
    return { FailedEntryCount: Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries };
  }

  #put(entry: EventEntry): EventResult {
    const { kernel, accountId, region, constants } = this.account;
    const { Source, DetailType, Detail, Resources = [], EventBusName = defaultName, Time = kernel.now } = entry;
    for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
      if (!value)
        return refused("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
    }
    const detail = objectIn(Detail!);
    if (detail === undefined) return refused("MalformedDetail", "Detail is malformed.");
    if (sizeOf(entry) > constants["eventbridge.maximumEntryBytes"]) {
      return refused("InvalidArgument", "Parameter Entry is not valid. Reason: Entry is too large.");
    }
    const id = kernel.random("eventbridge.ids").uuid();
    const event: BusEvent = {
      version: "0",
      id,
      "detail-type": DetailType!,
      source: Source!,
      account: accountId,
      time: eventTime(Time),
      region,
      resources: Resources,
      detail,
    };
    // An event for a bus that does not exist is taken, and goes nowhere.
    for (const rule of this.bus(EventBusName)?.rules.values() ?? []) rule.take(event);
    return { EventId: id };
  }

  /** @throws ServiceError for a bus that does not exist, a name that is taken, or too many targets. */
  createRule(busName: string | undefined, name: string, settings: RuleSettings): Rule {
    const { constants } = this.account;
    const bus = this.existingBus(busName);
    this.#requireName(name, /^[.\-_A-Za-z0-9]+$/, constants["eventbridge.maximumNameCharacters"]);
    if (bus.rules.has(name)) throw existing(`Rule ${name} already exists on EventBus ${bus.name}.`);
    if (settings.schedule !== null && !bus.isDefault) {
      throw new ServiceError("ValidationException", "ScheduleExpression is supported only on the default event bus.");
    }
    const most = constants["eventbridge.targetsLimit"];
    if (settings.targets.length > most) {
      throw new ServiceError(
        "LimitExceededException",
        `The requested resource exceeds the maximum number allowed: ${most} targets.`,
      );
    }
    const rule = new Rule(this.account, bus, name, settings, (arn) => this.#destinationOf(arn));
    bus.rules.set(name, rule);
    return rule;
  }

  deleteRule({ bus, name }: Rule): void {
    const { rules } = this.existingBus(bus.name);
    rules.get(name)?.delete();
    rules.delete(name);
  }

  createConnection(name: string, apiKey: { name: string; value: string }): Connection {
    const { kernel, constants, region, accountId } = this.account;
    this.#requireName(name, /^[.\-_A-Za-z0-9]+$/, constants["eventbridge.maximumNameCharacters"]);
    if (this.#connections.has(name)) throw existing(`Connection ${name} already exists.`);
    const random = kernel.random("eventbridge.ids");
    const arn = this.#arn(`connection/${name}/${random.uuid()}`);
    // EventBridge keeps the key in a secret of its own: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-edit.html
    const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:events!connection/${name}/${random.uuid()}`;
    const connection = new Connection(name, arn, secretArn, kernel.now, apiKey);
    this.#connections.set(name, connection);
    return connection;
  }

  deleteConnection(name: string): void {
    this.#connections.delete(name);
  }

  connections(): Connection[] {
    return [...this.#connections.values()];
  }

  /** @throws ServiceError `ResourceNotFoundException` when the connection does not exist. */
  createDestination(name: string, connectionArn: string, settings: ApiDestination["settings"]): ApiDestination {
    const { kernel, constants } = this.account;
    this.#requireName(name, /^[.\-_A-Za-z0-9]+$/, constants["eventbridge.maximumNameCharacters"]);
    const connection =
      this.connections().find(({ arn }) => arn === connectionArn) ??
      missing(`Connection ${connectionArn} does not exist.`);
    if (this.#destinations.has(name)) throw existing(`An api-destination ${name} already exists.`);
    const arn = this.#arn(`api-destination/${name}/${kernel.random("eventbridge.ids").uuid()}`);
    const destination = new ApiDestination(this.account, name, arn, connection, settings, kernel.now);
    this.#destinations.set(name, destination);
    return destination;
  }

  deleteDestination(name: string): void {
    this.#destinations.get(name)?.close();
    this.#destinations.delete(name);
  }

  destinations(): ApiDestination[] {
    return [...this.#destinations.values()];
  }

  #destinationOf(arn: string): ApiDestination | undefined {
    return this.destinations().find((each) => each.arn === arn);
  }

  #arn(resource: string): string {
    return `arn:aws:events:${this.account.region}:${this.account.accountId}:${resource}`;
  }

  #requireName(name: string, pattern: RegExp, most: number): void {
    if (pattern.test(name) && name.length <= most) return;
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source} and have at most ${most} characters`,
    );
  }
}

function refused(ErrorCode: string, ErrorMessage: string): EventResult {
  return { ErrorCode, ErrorMessage };
}

function existing(message: string): ServiceError {
  return new ServiceError("ResourceAlreadyExistsException", message);
}

function missing(message: string): never {
  throw new ServiceError("ResourceNotFoundException", message);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
function sizeOf({ Source = "", DetailType = "", Detail = "", Resources = [], Time }: EventEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}
