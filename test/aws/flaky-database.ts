/** A way to the database that can be cut for a while: a TCP proxy before Postgres. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface FlakyDatabase {
  url: string;
  /** How many connections were refused so far. */
  readonly refused: number;
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
    incoming.pipe(onward).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
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
}
