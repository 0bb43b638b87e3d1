/** Stands for the globals of Node.js that a browser has not. */
export { Buffer } from "buffer/";

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
/** Node.js's types have another port. */
const port = channel.port1 as unknown as { onmessage: () => void };
port.onmessage = () => waiting.shift()?.();

/** Runs `callback` in a turn of its own, and so after every microtask. A timer would wait for four milliseconds. */
export function setImmediate(callback: () => void): void {
  waiting.push(callback);
  channel.port2.postMessage(null);
}

export const process = {
  env: {},
  platform: "browser",
  versions: {},
  nextTick: setImmediate,
  emitWarning() {},
};
