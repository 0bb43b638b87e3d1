/** A way to Postgres that a test can break: a TCP proxy before it, whose connections are those of one function. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * How connections go: `through`, or `refused` by a reset, or into a `silent` network that drops what is sent. A list of bytes is an
 * answer of the server's own to whoever connects.
 */
export type Way = "through" | "refused" | "silent" | Uint8Array;

export interface DatabaseProxy {
  url: string;
  /** For connections to come, and with `silent` for those that are open, too. */
  way: Way;
  /** Bytes that a connection gets before it is reset; Infinity: it is not. For connections to come. */
  resetAfterBytes: number;
  /** Connections so far, and those that are open. */
  readonly connections: { made: number; open: number };
  /** Cuts what is open: by a reset, or in good order as a server that shuts down. Resolves when the other side's system knows. */
  cut(how: "reset" | "end"): Promise<void>;
  close(): Promise<void>;
}

export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<[incoming: Socket, onward: Socket]>();
  const connections = { made: 0, open: 0 };
  const server = createServer((incoming) => {
    incoming.on("error", () => {});
    const { way, resetAfterBytes } = proxy;
    if (way === "refused") return void incoming.resetAndDestroy();
    connections.made++;
    connections.open++;
    incoming.once("close", () => connections.open--);
    if (way === "silent") return void incoming.resume();
    if (way instanceof Uint8Array) {
      incoming.once("data", () => incoming.end(way));
      return;
    }
    let left = resetAfterBytes;
    const onward = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [incoming, onward];
    pairs.add(pair);
    onward.on("error", () => {});
    incoming.on("data", (bytes) => {
      if (proxy.way !== "silent") onward.write(bytes);
    });
    onward.on("data", (bytes: Buffer) => {
      if (proxy.way === "silent") return;
      incoming.write(bytes.subarray(0, left));
      left -= bytes.length;
      // The reset would overtake the bytes.
      if (left <= 0) setTimeout(() => incoming.resetAndDestroy(), 20);
    });
    for (const socket of pair) {
      socket.once("close", () => {
        pairs.delete(pair);
        incoming.destroy();
        onward.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  const proxy: DatabaseProxy = {
    url: through.href,
    way: "through",
    resetAfterBytes: Number.POSITIVE_INFINITY,
    connections,
    async cut(how) {
      const ends = [...pairs].map(([incoming]) => {
        const told = once(incoming, how === "reset" ? "close" : "finish");
        if (how === "reset") incoming.resetAndDestroy();
        else incoming.end();
        return told;
      });
      await Promise.all(ends);
    },
    async close() {
      for (const [incoming] of pairs) incoming.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
