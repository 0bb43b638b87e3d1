/** HTTP/2 before the served model, for the SDK's Kinesis client speaks nothing else. */
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";

export interface Bridge {
  endpoint: string;
  close(): Promise<void>;
}

export async function h2Bridge(endpoint: string): Promise<Bridge> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.entries(incoming.headers).filter(([name]) => !name.startsWith(":") && name !== "host");
    const answer = await fetch(`${endpoint}${incoming.url}`, {
      method: incoming.method,
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      body: new Uint8Array(Buffer.concat(chunks)),
    });
    const type = answer.headers.get("content-type");
    outgoing.writeHead(answer.status, type === null ? {} : { "content-type": type });
    outgoing.end(new Uint8Array(await answer.arrayBuffer()));
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
