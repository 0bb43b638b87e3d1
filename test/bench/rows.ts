/**
 * Rows: how fast they come into the embedded Postgres, beside the barest COPY of the same rows from the same process, and how fast they
 * come back as columns and are measured.
 */
import { join } from "node:path";
import pg from "pg";
import { openEmbeddedPostgres } from "../../src/database/embedded.ts";
import { detailsOf } from "../../src/metrics/details.ts";
import { runRows } from "../../src/metrics/run-rows.ts";
import { summarize } from "../../src/metrics/summary.ts";
import type { Row } from "../../src/model.ts";
import { RowsInPostgres } from "../../src/targets/rows-in-postgres.ts";
import { copy, copyText } from "./copy.ts";
import { section } from "./section.ts";
import { figure } from "./table.ts";
import { measureInTurn, ratio, type Timing, usageOf } from "./timing.ts";

interface Rows {
  rows: number;
  written: Timing;
  copied: Timing;
  /** as columns */
  read: Timing;
  /** columns that are there: summary, details and timeline */
  measured: Timing;
  writtenPerSecond: number;
  copiedPerSecond: number;
  readPerSecond: number;
  /** Time of the rows as a run writes them ÷ time of the COPY. */
  writtenPerCopied: { wall: number; cpu: number };
}

export const rows = section<Rows>({
  title: "Rows into the embedded Postgres",
  async measure({ rows: count, repetitions }, workplace) {
    const postgres = await openEmbeddedPostgres({ directory: join(workplace.directory, ".throttle-bench") });
    const client = new pg.Client({ connectionString: postgres.url });
    const target = await RowsInPostgres.open(postgres.url);
    try {
      await client.connect();
      await client.query("set timezone to 'UTC'");
      await target.ensureTable();
      const some = Array.from({ length: count }, (_, index) => aRow(index));
      const text = copyText(some);
      const inEmptyTable = async (work: () => Promise<void>) => {
        await client.query("truncate invocations");
        const usage = await usageOf(work);
        const { rows } = await client.query("select count(*)::int as count from invocations");
        if (rows[0].count !== count) throw new Error(`${rows[0].count} of ${count} rows are in the table.`);
        return usage;
      };
      const write = () => {
        for (const row of some) target.insert(row, postgres.url);
        return target.write();
      };
      const compared = {
        written: () => inEmptyTable(write),
        copied: () => inEmptyTable(() => copy(client, text)),
      };
      // The first of each is not measured: code is compiled and files grow.
      await measureInTurn(1, compared);
      const { written, copied } = await measureInTurn(repetitions, compared);
      const noRows = await target.columns("nobody's");
      const columns = await target.columns(some[0]!.groupId);
      const figures = async () => {
        const rows = runRows(columns, noRows);
        const { eventsCompleted } = summarize({ totalEvents: count, rows, maxConcurrency: null });
        const { batches } = detailsOf(rows, { events: count, grouping: { groups: 0, noisyShare: 0 } });
        if (eventsCompleted !== count || batches !== count) throw new Error("The figures have lost a row.");
      };
      const { read, measured } = await measureInTurn(repetitions, {
        read: () => usageOf(() => target.columns(columns.groupId)),
        measured: () => usageOf(figures),
      });
      return {
        rows: count,
        written,
        copied,
        read,
        measured,
        readPerSecond: (1_000 * count) / read.wallMs,
        writtenPerSecond: (1_000 * count) / written.wallMs,
        copiedPerSecond: (1_000 * count) / copied.wallMs,
        writtenPerCopied: { wall: ratio(written, copied, "wallMs"), cpu: ratio(written, copied, "cpuMs") },
      };
    } finally {
      await client.end();
      await target.close();
      await postgres.close();
    }
  },
  table({ rows: count, written, copied, read, measured, ...rates }) {
    const { writtenPerSecond, copiedPerSecond, readPerSecond, writtenPerCopied } = rates;
    const cpuOf = ({ cpuMs }: Timing) => figure((1_000 * cpuMs) / count, "µs");
    return {
      head: [`${count.toLocaleString("en")} rows`, "rows per second", "CPU of a row, client"],
      rows: [
        ["as a run writes them", figure(writtenPerSecond), cpuOf(written)],
        ["COPY of text that is ready, from the same process", figure(copiedPerSecond), cpuOf(copied)],
        ["read as columns", figure(readPerSecond), cpuOf(read)],
        ["columns into figures", figure((1_000 * count) / measured.wallMs), cpuOf(measured)],
        ["time of the first ÷ the second", `${figure(writtenPerCopied.wall)} ×`, `${figure(writtenPerCopied.cpu)} ×`],
      ],
    };
  },
});

/** A row as the consumer writes it at one every 20 ms. */
function aRow(index: number): Row {
  const createdAt = Date.UTC(2026, 0, 1) + 20 * index;
  const uuid = (of: number) => `00000000-0000-4000-8000-${String(of).padStart(12, "0")}`;
  return {
    id: index + 1,
    sentAt: createdAt - 1_500,
    startedAt: createdAt - 1_000,
    groupId: "speed/consumer",
    batchId: uuid(index),
    cacheId: uuid(index % 50),
    createdAt,
  };
}
