/** Watches the asynchronous events that wait in Lambda's own queue of each function, and tells of the invocations that succeed. */
import { vi } from "vitest";
import type { InvocationOutcome } from "../../../src/emulator/account.ts";
import { CloudWatch } from "../../../src/emulator/cloudwatch/metrics.ts";
import { AsynchronousQueue } from "../../../src/emulator/lambda/asynchronous-queue.ts";
import { LambdaFunctions } from "../../../src/emulator/lambda/functions.ts";
import { ReadingPace } from "../../../src/emulator/lambda/reading-pace.ts";
import { type Book, idsInEvent } from "./book.ts";

export function watchFunctions(book: Book): void {
  /** The request that Lambda is at work on at this moment. */
  let current: string | null = null;
  let drops = 0;

  /** Watches what Lambda does with an asynchronous event: it may give it up. */
  const during = (requestId: string, act: () => void) => {
    const [outer, before] = [current, drops];
    current = requestId;
    act();
    current = outer;
    if (drops > before) book.end(requestId, "dropped");
  };

  const metric = CloudWatch.prototype.metric;
  vi.spyOn(CloudWatch.prototype, "metric").mockImplementation(function (this: CloudWatch, identity) {
    const made = metric.call(this, identity);
    if (identity.name === "AsyncEventsDropped") {
      const drop = made.add.bind(made);
      made.add = (value, at) => {
        drops++;
        drop(value, at);
      };
    }
    return made;
  });
  const accept = AsynchronousQueue.prototype.accept;
  vi.spyOn(AsynchronousQueue.prototype, "accept").mockImplementation(function (this: AsynchronousQueue, payload) {
    const { name } = (this as unknown as { fn: { name: string } }).fn;
    const accepted = accept.call(this, payload);
    const ids = idsInEvent(payload);
    if (ids.length > 0) book.arrive(accepted.requestId, name, ids);
    return accepted;
  });
  // The pace hands each event over whose turn has come.
  const add = ReadingPace.prototype.add;
  const watched = new WeakSet<object>();
  vi.spyOn(ReadingPace.prototype, "add").mockImplementation(function (this: ReadingPace<unknown>, event) {
    if (!watched.has(this)) {
      watched.add(this);
      const pace = this as unknown as { read: (event: { requestId: string }) => void };
      const { read } = pace;
      pace.read = (each) => during(each.requestId, () => read(each));
    }
    add.call(this, event);
  });
  const create = LambdaFunctions.prototype.create;
  vi.spyOn(LambdaFunctions.prototype, "create").mockImplementation(function (this: LambdaFunctions, ...given) {
    const fn = create.apply(this, given);
    const invoke = fn.invoke.bind(fn);
    fn.invoke = (payload, done, type) => {
      const requestId = type === "Event" ? current : null;
      const end = (outcome: InvocationOutcome) => {
        if (outcome.kind === "success") book.succeed(payload, outcome.payload);
        if (requestId === null) return done(outcome);
        if (outcome.kind === "success") book.end(requestId, "consumed");
        during(requestId, () => done(outcome));
      };
      invoke(payload, end, type);
    };
    return fn;
  });
}
