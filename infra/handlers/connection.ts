/** The database connection of a Lambda instance, which outlives its invocations. */
import type { Ports, Rows } from "./ports.ts";

/** Opens the connection at the first call and gives the same one ever after. A failure is not kept: the next call tries again. */
export function connectOnce(ports: Pick<Ports, "connect">): () => Promise<Rows> {
  let opened: Promise<Rows> | undefined;
  return async () => {
    opened ??= ports.connect();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}
