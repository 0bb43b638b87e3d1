/**
 * Tells an observer of every call that is made to the account's services, to what they have made and to the handlers. The calls are
 * watched at the public methods of whatever the account holds, so that a new service is observed without a line here. Without an
 * observer nothing is put between them.
 */
import type { CreateHandler } from "../../infra/handlers/ports.ts";
import type { Emulator } from "./emulator.ts";

/**
 * `call`: a call begins. `return` and `throw`: it is over, and `values` holds what it has returned or thrown. `callback`: an argument of the
 * call was called.
 */
export type Phase = "call" | "return" | "throw" | "callback";

/** A call at one seam of the account. */
export interface Happening {
  /** virtual time, ms since the epoch */
  at: number;
  /** the account's name of the service, such as `sqs`; `handler` and `table` beside them */
  service: string;
  /** the resource, or the service itself */
  target: object;
  method: string;
  phase: Phase;
  /** what was passed through the seam */
  values: readonly unknown[];
  /** the same for a call and whatever comes of it */
  call: number;
}

export type Observer = (happening: Happening) => void;

/** Nothing passes through these that belongs to one event. */
const without = new Set(["kernel", "constants", "cloudwatch", "iam", "front", "resourceTypes", "databaseServer"]);

type Method = (...given: unknown[]) => unknown;

/** An execution environment as its handler's happenings name it. */
export interface Environment {
  /** the handler's file, such as `consumer` */
  name: string;
  /** counted from 1 */
  instance: number;
  /** of it, the present one too */
  invocations: number;
}

/** Watches the calls of one account. */
export class Observation {
  #calls = 0;
  /** The resources that are at work for a call. */
  #inside = new Set<object>();
  readonly #watched = new WeakSet<object>();
  #now = () => 0;

  constructor(private readonly observer: Observer) {}

  /** To be called before anything is made in the account. */
  watch(emulator: Emulator): void {
    this.#now = () => emulator.kernel.now;
    for (const [name, service] of Object.entries(emulator)) {
      if (!without.has(name) && isInstance(service)) this.#watch(name, service);
    }
    const find = emulator.service;
    emulator.service = (kind) => {
      const service = find.call(emulator, kind) as InstanceType<typeof kind>;
      if (isInstance(service)) this.#watch(kind.name, service);
      return service;
    };
  }

  /** The functions of a table by name, such as `insertRow`. */
  table<Functions extends object>(functions: Functions): Functions {
    const target = { name: "database" };
    const watched = Object.entries(functions).map(([name, method]) => [
      name,
      this.#told("table", target, name, method),
    ]);
    return Object.fromEntries(watched);
  }

  /** The handlers as they are, each of their environments numbered by its function's file from 1 on. */
  handlers(handlers: Record<string, CreateHandler>): Record<string, CreateHandler> {
    return Object.fromEntries(
      Object.entries(handlers).map(([name, create]) => {
        let instances = 0;
        const createWatched: CreateHandler = (ports) => {
          const handler = create(ports);
          const environment: Environment = { name, instance: ++instances, invocations: 0 };
          return (event, context) => {
            const call = ++this.#calls;
            environment.invocations++;
            const tell = (phase: Phase, ...values: unknown[]) =>
              this.#tell({ service: "handler", target: { ...environment }, method: "run", phase, values, call });
            tell("call", event);
            const answer = handler(event, context);
            // The handler's own promise goes on, so that it is parked no longer than without an observer.
            Promise.resolve(answer).then(
              (result) => tell("return", result),
              (thrown) => tell("throw", thrown),
            );
            return answer;
          };
        };
        return [name, createWatched];
      }),
    );
  }

  #watch(service: string, target: object): void {
    if (this.#watched.has(target)) return;
    this.#watched.add(target);
    for (const [name, method] of methodsOf(target)) {
      Object.defineProperty(target, name, {
        value: this.#told(service, target, name, method),
        configurable: true,
        writable: true,
      });
    }
  }

  #told(service: string, target: object, method: string, original: Method): Method {
    const observation = this;
    return function told(this: unknown, ...given: unknown[]): unknown {
      // A resource's calls of itself meanwhile are how it works, and no seam.
      if (observation.#inside.has(target)) return original.apply(this, given);
      const call = ++observation.#calls;
      const tell = (phase: Phase, values: readonly unknown[]) =>
        observation.#tell({ service, target, method, phase, values, call });
      // A call is told before what it sets off.
      tell("call", given);
      const passed = given.map((one) => (typeof one === "function" ? observation.#callback(one as Method, tell) : one));
      let result: unknown;
      observation.#inside.add(target);
      try {
        result = original.apply(this, passed);
      } catch (thrown) {
        tell("throw", [thrown]);
        throw thrown;
      } finally {
        observation.#inside.delete(target);
      }
      if (typeof result === "object" && result !== null) {
        tell("return", [result]);
        if (isInstance(result)) observation.#watch(service, result);
      }
      return result;
    };
  }

  /** A callback that tells what it is called with. Whoever gave it goes on outside of the resource that calls it. */
  #callback(callback: Method, tell: (phase: Phase, values: readonly unknown[]) => void): Method {
    return (...given) => {
      tell("callback", given);
      const inside = this.#inside;
      this.#inside = new Set();
      try {
        return callback(...given);
      } finally {
        this.#inside = inside;
      }
    };
  }

  #tell(happening: Omit<Happening, "at">): void {
    this.observer({ at: this.#now(), ...happening });
  }
}

/** True for an object of a class of ours. */
function isInstance(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const type = value.constructor;
  return typeof type === "function" && !/\[native code\]/.test(Function.prototype.toString.call(type));
}

/** The public methods of an object's classes. What only describes it is none of them. */
function methodsOf(target: object): [name: string, method: Method][] {
  const methods = new Map<string, Method>();
  for (let type = Object.getPrototypeOf(target); type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      const isMethod = typeof value === "function" && name !== "constructor" && !name.startsWith("to");
      if (isMethod && !methods.has(name)) methods.set(name, value);
    }
  }
  return [...methods];
}
