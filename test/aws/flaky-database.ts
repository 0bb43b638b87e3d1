/** A way to the database that can be cut for a while, and on which answers can be spoilt: a TCP proxy before Postgres. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A fault in place of a piece of an answer. `reset`: the connection ends without it; `half`: its first half comes, and the end; `stall`: it never comes,
 * nor does anything after it. Bytes come in its place.
 */
export type Spoiling = "reset" | "half" | "stall" | { delayMs: number } | Buffer;

export interface FlakyDatabase {
  url: string;
  /** How many connections were refused so far. */
  readonly refused: number;
  /** Asked for each piece of an answer; undefined: it comes as it is. */
  spoil: (piece: Buffer) => Spoiling | undefined;
  /** Cuts what is connected, and the next so many connections. */
  lose(connections: number): void;
  close(): Promise<void>;
}

export async function flakyDatabase(url: string): Promise<FlakyDatabase> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let toRefuse = 0;
  let refused = 0;
  const server = createServer((incoming) => {
    if (toRefuse > 0) {
      toRefuse--;
      refused++;
      incoming.resetAndDestroy();
      return;
    }
    const onward = connect(Number(port), hostname);
    for (const socket of [incoming, onward]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        incoming.destroy();
        onward.destroy();
      });
    }
    incoming.pipe(onward);
    answer(onward, incoming, (piece) => flaky.spoil(piece));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const flaky: FlakyDatabase = {
    url: through.href,
    spoil: () => undefined,
    get refused() {
      return refused;
    },
    lose(connections) {
      toRefuse = connections;
      cut();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return flaky;
}

/** Passes on the pieces of what Postgres answers, one after the other. */
function answer(from: Socket, to: Socket, spoil: FlakyDatabase["spoil"]): void {
  let isStalled = false;
  let passed: Promise<unknown> = Promise.resolve();
  from.on("data", (piece: Buffer) => {
    passed = passed.then(async () => {
      if (isStalled || to.destroyed) return;
      const spoiling = spoil(piece);
      if (spoiling === undefined) to.write(piece);
      else if (spoiling === "reset") to.resetAndDestroy();
      else if (spoiling === "half") to.end(piece.subarray(0, Math.floor(piece.length / 2)));
      else if (spoiling === "stall") isStalled = true;
      else if (Buffer.isBuffer(spoiling)) to.write(spoiling);
      else {
        await new Promise((resolve) => setTimeout(resolve, spoiling.delayMs));
        if (!to.destroyed) to.write(piece);
      }
    });
  });
  from.on("end", () => void passed.then(() => to.end()));
}
