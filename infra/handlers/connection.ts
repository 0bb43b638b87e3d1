/** The database connection of a Lambda instance, which outlives its invocations. */
import type { Downstream, Ports } from "./ports.ts";

/** Opens the connection at the first call and gives the same one ever after. A failure is not kept: the next call tries again. */
export function connectOnce(ports: Pick<Ports, "connect">): () => Downstream | Promise<Downstream> {
  let opened: Downstream | undefined;
  let opening: Promise<Downstream> | undefined;
  const open = async () => {
    try {
      opened = await ports.connect();
      return opened;
    } finally {
      opening = undefined;
    }
  };
  return () => {
    if (opened) return opened;
    opening ??= open();
    return opening;
  };
}
