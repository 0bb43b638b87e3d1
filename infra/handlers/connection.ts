/** The database connection of a Lambda instance, which outlives its invocations. */
import type { Downstream, Ports } from "./ports.ts";

export class Connection {
  /** null: it is not open. A handler looks here first, because each promise that it awaits takes time. */
  opened: Downstream | null = null;
  #opening: Promise<Downstream> | null = null;

  constructor(private readonly ports: Pick<Ports, "connect">) {}

  /** Opens it at the first call and gives the same one ever after. A failure is not kept: the next call tries again. */
  open(): Promise<Downstream> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<Downstream> {
    try {
      this.opened = await this.ports.connect();
      return this.opened;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }
}
