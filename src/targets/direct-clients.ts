/** SDK clients whose commands an emulator answers as they are: nothing is serialized, signed or sent. Metrics are read without them. */
import type { Front } from "../emulator/front.ts";
import { ServiceError } from "../emulator/service-error.ts";
import { type AwsConfiguration, Clients, type MetricReader } from "./clients.ts";

interface Command {
  input: object;
}

/** The classes are named after the service and the operation. A bundler adds a number where two classes have one name. */
export class DirectClients extends Clients {
  readonly #front: Front;
  override readonly metrics: MetricReader;

  constructor(configuration: AwsConfiguration, front: Front, metrics: MetricReader) {
    super(configuration);
    this.#front = front;
    this.metrics = metrics;
  }

  override get<Made>(ClientClass: new (configuration: AwsConfiguration) => Made): Made {
    const service = ClientClass.name.replace(/Client\d*$/, "");
    const send = async (command: Command) => {
      const operation = command.constructor.name.replace(/Command\d*$/, "");
      return this.#front.ask(service, operation, asJson(command.input)).then(asAnswer, (refusal) => {
        throw asException(refusal);
      });
    };
    return { send } as Made;
  }
}

/** An input as the operations take it: timestamps in seconds, blobs as bytes. */
function asJson(value: unknown, name = ""): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (name === "Payload" && typeof value === "string") return Buffer.from(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => asJson(item));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, asJson(member, key)]));
}

/** An answer as the SDK gives it. */
function asAnswer({ Payload, ...output }: Record<string, unknown>): Record<string, unknown> {
  if (!(Payload instanceof Uint8Array)) return output;
  return { ...output, Payload: { transformToString: () => Buffer.from(Payload).toString("utf8") } };
}

/** A refusal as the SDK throws it. */
function asException(refusal: unknown): unknown {
  if (!(refusal instanceof ServiceError)) return refusal;
  const { code, message, statusCode } = refusal;
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: statusCode } });
}
