/** The reasons for which an event waits between one step of its life and the next. */

const inQueue = "its turn to be received";
const poller = "the poller and its batch";
const handler = "its connection and the records before it";

/** By the step that ends the wait; the more particular ones name the step before it, too. */
const reasons: Readonly<Record<string, string>> = {
  "made published": "the call to the topic",
  "made queued": "the call to the queue",
  "published queued": "the topic's delivery",
  "published accepted": "the topic's delivery",
  "queued received": inQueue,
  "visible received": inQueue,
  "given back received": inQueue,
  "dead-lettered received": inQueue,
  "received invoked": poller,
  "received throttled": poller,
  read: "the mapping, and the records before it",
  "read invoked": "the mapping, and the records before it",
  "read throttled": "the mapping, and the records before it",
  put: "the call to the stream",
  "put on the bus": "the call to the bus",
  "matched lined up": "the bus's delivery",
  "lined up": "the retry",
  requested: "its turn at the destination's rate",
  logged: "the work",
  refused: "the call",
  "accepted invoked": "Lambda's internal queue",
  "accepted throttled": "Lambda's internal queue",
  "throttled invoked": "the next try after a throttle",
  "throttled visible": "its visibility timeout",
  "invoked started": "a new instance to start",
  "failed visible": "its visibility timeout",
  "failed invoked": "the retry after an error",
  "logged visible": "its visibility timeout",
  "visible dead-lettered": "a receive, its last one over",
  "call refused called": "room in the limit",
  "asked the limiter called": "the limiter",
  "asked the limiter asked the limiter": "the limiter",
  called: handler,
  "call refused": handler,
  "called completed": "the work, and the insert",
  completed: "connection, work and insert",
  recorded: "the recorder's insert",
  answered: "the rest of its batch",
  deleted: "the call that deletes it",
  visible: "its visibility timeout",
};

/** In a FIFO queue a message waits for those of its message group as well. */
const fifoReasons: Readonly<Record<string, string>> = {
  "queued received": "its turn in its message group",
  "visible received": "its turn in its message group",
};

/** Continues "waited for"; null: nobody has named a reason. `isFifo`: it happened in a FIFO queue or topic. */
export function whyWaited(before: string, what: string, isFifo: boolean): string | null {
  const between = `${before} ${what}`;
  return (isFifo ? fifoReasons[between] : undefined) ?? reasons[between] ?? reasons[what] ?? null;
}
