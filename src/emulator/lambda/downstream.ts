/** The downstream database as the handlers meet it: what a connection and an insert cost, and how many connections there are. */
import type { Row } from "../../model.ts";
import type { Alarms } from "../kernel/alarms.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Numbered } from "../kernel/numbered.ts";
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";

export class Database {
  #connections = 0;
  readonly #times: Random;
  readonly #inserts = new Numbered<{ row: Omit<Row, "createdAt">; url: string }>();
  readonly #commits: Alarms;

  constructor(
    kernel: Kernel,
    private readonly constants: Constants,
    /** Takes a row at the virtual moment in which it is committed; `url`: the database's, as the function has it. */
    private readonly commit: (row: Row, url: string) => void,
  ) {
    this.#times = kernel.random("database");
    this.#commits = kernel.alarms((number) => {
      const { row, url } = this.#inserts.take(number);
      const { id, sentAt, startedAt, groupId, batchId, cacheId } = row;
      this.commit({ id, sentAt, startedAt, groupId, batchId, cacheId, createdAt: kernel.now }, url);
    });
  }

  /** Takes one of the server's connections. @throws Error in Postgres's words when there is none left. */
  connect(): void {
    if (this.#connections >= this.constants["database.maximumConnections"]) {
      throw new Error("sorry, too many clients already");
    }
    this.#connections++;
  }

  disconnect(): void {
    this.#connections--;
  }

  connectMs(): number {
    return this.#draw(this.constants["database.connectMs"]);
  }

  /**
   * Begins an insert and returns its round trip, milliseconds. The row is committed half a round trip later, even if the handler
   * is stopped before the answer arrives.
   */
  insert(row: Omit<Row, "createdAt">, url: string): number {
    const roundTripMs = this.#draw(this.constants["database.insertMedianMs"]);
    this.#commits.after(this.#inserts.add({ row, url }), roundTripMs / 2);
    return roundTripMs;
  }

  #draw(medianMs: number): number {
    return this.#times.lognormal(medianMs, this.constants["database.sigma"]);
  }
}
