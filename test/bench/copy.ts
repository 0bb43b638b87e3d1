/** COPY of text that is ready over one connection: the least that it takes to bring rows from this process into the table. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Row } from "../../src/model.ts";

const rowsPerChunk = 1_000;

/** The rows as COPY takes them. */
export function copyText(rows: readonly Row[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < rows.length; start += rowsPerChunk) {
    chunks.push(
      Buffer.from(
        rows
          .slice(start, start + rowsPerChunk)
          .map(lineOf)
          .join(""),
      ),
    );
  }
  return chunks;
}

export async function copy(client: pg.Client, text: Buffer[]): Promise<void> {
  const columns = "id, sent_at, started_at, group_id, batch_id, cache_id, created_at";
  await pipeline(Readable.from(text), client.query(copyFrom(`copy invocations (${columns}) from stdin`)));
}

function lineOf({ id, sentAt, startedAt, groupId, batchId, cacheId, createdAt }: Row): string {
  const [sent, started, created] = [sentAt, startedAt, createdAt].map((ms) => new Date(ms).toISOString());
  return `${[id, sent, started, groupId, batchId, cacheId, created].join("\t")}\n`;
}
