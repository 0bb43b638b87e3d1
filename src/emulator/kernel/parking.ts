/** Lets handlers run until each of them is parked at a port. */

/**
 * A handler awaits ports, promises and async functions only, so between two ports it runs in microtasks. Node runs ticks when it
 * has no microtask left. A tick that is queued by a microtask comes after every microtask that there is and that those will add,
 * however deep the chains are and however many ports are awaited together. A tick that is queued by a tick would not: the ticks of one
 * round come before the microtasks. Every so often the whole event loop gets its turn, or nobody else in this process ever would.
 */
export function afterMicrotasks(): (next: () => void) => void {
  const settled = Promise.resolve();
  let parks = 0;
  let waiting: () => void;
  const tick = () => process.nextTick(waiting);
  return (next) => {
    waiting = next;
    if (++parks % parksPerTurn === 0) setImmediate(next);
    else settled.then(tick);
  };
}

/** Some ten milliseconds' worth. */
const parksPerTurn = 1_000;
