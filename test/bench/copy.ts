/** COPY over a plain connection of pg: the least that it takes to bring rows from this process into a table. */
import type pg from "pg";
import type { Row } from "../../src/model.ts";

/** The parts of pg's connection that its types do not show. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

const rowsPerChunk = 2_000;

/** Copies the rows as text, and makes the text, too. */
export function copyRows(client: pg.Client, rows: readonly Row[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    client.query({
      submit(connection: CopyConnection) {
        connection.query(
          "copy invocations (id, sent_at, started_at, group_id, batch_id, cache_id, created_at) from stdin",
        );
      },
      handleCopyInResponse(connection: CopyConnection) {
        for (let start = 0; start < rows.length; start += rowsPerChunk) {
          const lines = rows.slice(start, start + rowsPerChunk).map(lineOf);
          connection.sendCopyFromChunk(Buffer.from(lines.join("")));
        }
        connection.endCopyFrom();
      },
      handleError(error: Error) {
        failure = error;
        reject(error);
      },
      handleCommandComplete() {},
      handleReadyForQuery() {
        if (failure === null) resolve();
      },
    } as unknown as pg.Submittable);
  });
}

function lineOf({ id, sentAt, startedAt, groupId, batchId, cacheId, createdAt }: Row): string {
  return `${id}\t${timestamp(sentAt)}\t${timestamp(startedAt)}\t${groupId}\t${batchId}\t${cacheId}\t${timestamp(createdAt)}\n`;
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
