/** The table against a real Postgres. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { inspect } from "node:util";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { describeDatabase } from "../../../src/database/connection.ts";
import { Invocations } from "../../../src/database/invocations.ts";
import type { Row } from "../../../src/model.ts";
import { flakyDatabase, type Spoiling } from "../../aws/flaky-database.ts";
import { openDatabase, type TestDatabase } from "../../postgres/a-database.ts";

const groups = { completed: "run/consumer", dead: "run/dead-letter" };
const secret = "hunter2-and-more";

let database: TestDatabase;
let admin: pg.Client;
let invocations: Invocations;

beforeAll(async () => {
  // Neither this process's zone nor the server's default may matter; this one is 5:45 ahead of UTC.
  vi.stubEnv("TZ", "Asia/Kathmandu");
  expect(new Date(0).getHours()).toBe(5);
  database = await openDatabase();
  admin = new pg.Client(database.url);
  await admin.connect();
  await admin.query(`alter database ${database.name} set timezone to 'America/St_Johns'`);
  invocations = await Invocations.open(database.url);
});

afterAll(async () => {
  await invocations.close();
  await admin.end();
  await database.close();
  vi.unstubAllEnvs();
});

beforeEach(async () => {
  await admin.query("drop table if exists invocations");
  await invocations.ensureTable();
});

function row(id: number, values: Partial<Row> = {}): Row {
  const sentAt = Date.UTC(2026, 10, 23) + id;
  return {
    id,
    sentAt,
    startedAt: sentAt + 10,
    groupId: groups.completed,
    batchId: "batch",
    cacheId: "cache",
    createdAt: sentAt + 20,
    ...values,
  };
}

const rowsOf = async (table: Invocations, groupId: string) => (await table.columns(groupId)).toRows();

describe("rows", () => {
  it("come back as they went in, to the millisecond", async () => {
    const time = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) });
    const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
    const rows = fc.uniqueArray(
      fc.record<Row>({
        id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        sentAt: time,
        startedAt: time,
        groupId: fc.constant("g"),
        batchId: text,
        cacheId: text,
        createdAt: time,
      }),
      { selector: (one) => one.id, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        await admin.query("truncate invocations");
        await invocations.insert(some);
        const inOrder = some.toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id);
        expect(await rowsOf(invocations, "g")).toEqual(inOrder);
      }),
      { numRuns: 50 },
    );
  });

  it("hold UTC in the columns, whatever the zones of this process and of the server", async () => {
    const createdAt = Date.UTC(2026, 2, 29, 1, 30, 0, 7);
    await invocations.insert([row(1, { createdAt, sentAt: 0 })]);
    const { rows } = await admin.query("select sent_at::text, created_at::text from invocations");
    expect(rows).toEqual([{ sent_at: "1970-01-01 00:00:00", created_at: "2026-03-29 01:30:00.007" }]);
  });

  it("that the database stamped itself lose what they have beyond milliseconds", async () => {
    await admin.query("insert into invocations values (1, null, null, 'g', 'b', 'c', '2026-11-23 09:00:00.123999')");
    expect(await rowsOf(invocations, "g")).toMatchObject([
      { createdAt: Date.UTC(2026, 10, 23, 9, 0, 0, 123), sentAt: Number.NaN },
    ]);
  });

  it("go in by the thousand, in order, with none left out", async () => {
    const rows = Array.from({ length: 12_001 }, (_, index) => row(index + 1));
    await invocations.insert(rows);
    const { rows: stored } = await admin.query("select id from invocations order by ctid");
    expect(stored.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it("keep the characters that COPY writes otherwise", async () => {
    const texts = { batchId: "a\tb\nc\r\\d\\N", cacheId: "\\." };
    await invocations.insert([row(1, texts), row(2, { batchId: "\\N" })]);
    expect(await rowsOf(invocations, groups.completed)).toEqual([row(1, texts), row(2, { batchId: "\\N" })]);
  });

  it("go in all or, when one of them cannot, none, and the next ones go in", async () => {
    const bad = row(2, { batchId: "\0" });
    await expect(invocations.insert([row(1), bad])).rejects.toMatchObject({ code: "database-failed" });
    const unwritable = row(2, { sentAt: Number.NaN });
    await expect(invocations.insert([row(1), unwritable])).rejects.toMatchObject({ code: "database-failed" });
    await invocations.insert([row(3)]);
    expect(await rowsOf(invocations, groups.completed)).toEqual([row(3)]);
  });

  it("come back whole wherever the bytes of their transfer are cut", async () => {
    const some = Array.from({ length: 5_000 }, (_, index) => row(index + 1, { batchId: "b".repeat(index % 300) }));
    await invocations.insert(some);
    expect(await rowsOf(invocations, groups.completed)).toEqual(some);
  });

  it("of a table that is not there are an error, and those of the next one come back", async () => {
    await admin.query("drop table invocations");
    await expect(invocations.columns("g")).rejects.toMatchObject({
      code: "database-failed",
      message: expect.stringContaining("does not exist"),
    });
    await invocations.ensureTable();
    await invocations.insert([row(1)]);
    expect(await rowsOf(invocations, groups.completed)).toEqual([row(1)]);
  });

  it("of a group whose name has quotes are asked for by that name", async () => {
    const groupId = "a 'quoted\\' group";
    await invocations.insert([row(1, { groupId }), row(2)]);
    expect(await rowsOf(invocations, groupId)).toEqual([row(1, { groupId })]);
  });

  it("may be none", async () => {
    await invocations.insert([]);
    expect(await rowsOf(invocations, groups.completed)).toEqual([]);
  });
});

describe("the rows that are new", () => {
  it("of a run without rows are none yet", async () => {
    expect(await invocations.newSince(groups, null)).toEqual({ completed: [], dead: [], lastCreatedAt: null });
    expect(await invocations.newSince(groups, 0)).toEqual({ completed: [], dead: [], lastCreatedAt: null });
  });

  it("are the ids of the run's rows by group, one for each row, from a moment on or all of them", async () => {
    const dead = { groupId: groups.dead };
    const last = row(3).createdAt + 60_000;
    await invocations.insert([
      row(1),
      row(2),
      row(2, { batchId: "again" }),
      row(2, dead),
      row(3, { ...dead, createdAt: last }),
      row(4, dead),
      row(5, { groupId: "another/consumer", createdAt: last + 1 }),
    ]);
    const sorted = async (since: number | null) => {
      const { completed, dead, lastCreatedAt } = await invocations.newSince(groups, since);
      return { completed: completed.sort(), dead: dead.sort(), lastCreatedAt };
    };
    expect(await sorted(null)).toEqual({ completed: [1, 2, 2], dead: [2, 3, 4], lastCreatedAt: last });
    expect(await sorted(row(2).createdAt)).toEqual({ completed: [2, 2], dead: [2, 3, 4], lastCreatedAt: last });
    expect(await sorted(last)).toEqual({ completed: [], dead: [3], lastCreatedAt: last });
    expect(await sorted(last + 1)).toEqual({ completed: [], dead: [], lastCreatedAt: null });
  });

  it.each([
    ["the planner knows", true],
    ["the planner has never looked at", false],
  ])(
    "of the last moments read by the index no more rows than come, however many came before, of a table that %s",
    async (_what, isAnalyzed) => {
      await admin.query("alter table invocations set (autovacuum_enabled = false)");
      const before = Array.from({ length: 50_000 }, (_, index) => row(index + 1, { createdAt: index }));
      const recent = Array.from({ length: 300 }, (_, index) =>
        row(index + 50_001, { createdAt: 1_000_000 + index, ...(index % 3 === 0 ? { groupId: groups.dead } : {}) }),
      );
      await invocations.insert([...before, ...recent]);
      if (isAnalyzed) await admin.query("analyze invocations");
      const asked = vi.spyOn(pg.Pool.prototype, "query");
      const { completed, dead } = await invocations.newSince(groups, 1_000_000);
      const [text, values] = asked.mock.calls.at(-1) as unknown as [string, unknown[]];
      asked.mockRestore();
      expect(completed.length + dead.length).toBe(300);
      const { rows } = await admin.query(`explain (analyze, format json) ${text}`, values);
      const scans = nodesOf(rows[0]["QUERY PLAN"][0].Plan).filter((node) => /Scan/.test(node["Node Type"]));
      expect(scans.map((node) => node["Node Type"])).not.toContain("Seq Scan");
      expect(scans.some((node) => node["Index Name"] === "invocations_group_id_created_at")).toBe(true);
      for (const node of scans) {
        expect(node["Actual Rows"] * node["Actual Loops"]).toBeLessThanOrEqual(300);
        expect(node["Rows Removed by Filter"] ?? 0).toBe(0);
      }
    },
  );
});

interface PlanNode {
  "Node Type": string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

describe("the table", () => {
  it("is made once by all who want it at once, and what is in it stays", async () => {
    await admin.query("drop table invocations");
    const others = await Promise.all(Array.from({ length: 4 }, () => Invocations.open(database.url)));
    await Promise.all(others.map((other) => other.ensureTable()));
    await others[0]!.insert([row(1)]);
    await others[1]!.ensureTable();
    expect(await rowsOf(others[1]!, groups.completed)).toEqual([row(1)]);
    await Promise.all(others.map((other) => other.close()));
  });

  it("has the published columns, and an index for a run's rows", async () => {
    const columns = await admin.query(
      "select column_name || ' ' || data_type as column from information_schema.columns where table_name = 'invocations' order by ordinal_position",
    );
    expect(columns.rows.map(({ column }) => column)).toEqual([
      "id integer",
      "sent_at timestamp without time zone",
      "started_at timestamp without time zone",
      "group_id text",
      "batch_id text",
      "cache_id text",
      "created_at timestamp without time zone",
    ]);
    const indexes = await admin.query("select indexdef from pg_indexes where tablename = 'invocations'");
    expect(indexes.rows).toEqual([{ indexdef: expect.stringContaining("(group_id, created_at)") }]);
  });

  it("may belong to someone else, but must exist then", async () => {
    await admin.query(
      `drop role if exists guest; create role guest login password '${secret}'; grant select, insert on invocations to guest`,
    );
    const url = new URL(database.url);
    url.username = "guest";
    url.password = secret;
    const guest = await Invocations.open(url.href);
    try {
      await guest.ensureTable();
      await guest.insert([row(1)]);
      expect(await rowsOf(guest, groups.completed)).toEqual([row(1)]);
      await admin.query("drop table invocations");
      await expect(guest.ensureTable()).rejects.toMatchObject({ code: "database-failed" });
    } finally {
      await guest.close();
      await admin.query("drop table if exists invocations; drop role guest");
    }
  });
});

describe("failures", () => {
  /** Everything that any report could show of an error, `cause` included. */
  async function failureOf(url: string): Promise<{ code: string; message: string }> {
    const error = await Invocations.open(url).then(
      () => expect.fail("it connected"),
      (thrown) => thrown,
    );
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(secret);
    return error;
  }

  it("of a connection name host, port and database, never the password", async () => {
    const unused = createServer().listen(0, "127.0.0.1");
    await once(unused, "listening");
    const { port } = unused.address() as AddressInfo;
    await new Promise((resolve) => unused.close(resolve));
    const error = await failureOf(`postgresql://someone:${secret}@localhost:${port}/bench`);
    expect(error.code).toBe("database-unreachable");
    expect(error.message).toContain(`localhost:${port}/bench`);
    expect(error.message).toContain("ECONNREFUSED");
  });

  it("of a login are a database out of reach", async () => {
    const { host } = new URL(database.url);
    const error = await failureOf(`postgresql://bench:${secret}@${host}/postgres`);
    expect(error.code).toBe("database-unreachable");
    expect(error.message).toContain("password authentication failed");
  });

  it("of a server that asks for what is not known here, as for Kerberos, name it", async () => {
    // A demand of seven is for GSSAPI: https://www.postgresql.org/docs/current/protocol-message-formats.html
    const demand = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 7]);
    const foreign = createServer((socket) => socket.on("error", () => {}).once("data", () => socket.write(demand)));
    foreign.listen(0, "127.0.0.1");
    await once(foreign, "listening");
    const { port } = foreign.address() as AddressInfo;
    const error = await failureOf(`postgresql://someone:${secret}@127.0.0.1:${port}/bench`);
    foreign.close();
    expect(error).toMatchObject({ code: "database-unreachable", message: expect.stringContaining("type 7") });
  });

  it("of a server that never answers come within 6 s", { timeout: 6_000 }, async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const error = await failureOf(`postgresql://someone:${secret}@127.0.0.1:${port}/bench`);
    expect(error).toMatchObject({ code: "database-unreachable", message: expect.stringContaining("timeout") });
    silent.close();
  });

  it.each([
    "",
    "localhost",
    `mysql://someone:${secret}@localhost/bench`,
    `postgresql://someone:${secret}@local host/bench`,
    `postgresql://someone:${secret}@localhost:port/bench`,
    `postgresql://someone:${secret}@localhost/%E0%A4%A`,
    `postgresql://someone:%E0%A4%A${secret}@localhost/bench`,
  ])("of spelling are bad usage: %s", async (url) => {
    expect(await failureOf(url)).toMatchObject({ code: "bad-usage", message: expect.stringContaining("malformed") });
  });

  it.each<[what: string, spoiling: Spoiling]>([
    ["that falls silent", "stall"],
    ["whose answer never ends", Buffer.from([0x44, 0x3f, 0xff, 0xff, 0xff])],
  ])("of a server %s end each request in a bounded time", { timeout: 60_000 }, async (_what, spoiling) => {
    const flaky = await flakyDatabase(database.url);
    const table = await Invocations.open(flaky.url, { silenceAfterMs: 1_000 });
    flaky.spoil = () => spoiling;
    const silence = { code: "database-failed", message: expect.stringContaining("no answer in 1 s") };
    await expect(table.newSince(groups, null)).rejects.toMatchObject(silence);
    await expect(table.columns(groups.completed)).rejects.toMatchObject({ code: "database-failed" });
    await expect(table.insert([row(1)])).rejects.toMatchObject({ code: "database-failed" });
    flaky.spoil = () => undefined;
    await table.insert([row(2)]);
    expect((await rowsOf(table, groups.completed)).map(({ id }) => id)).toEqual([2]);
    await table.close();
    await flaky.close();
  });

  it("in the middle say which database failed, and a later call may find it again", async () => {
    const { host, pathname } = new URL(database.url);
    const ended = await Invocations.open(database.url);
    await admin.query("alter table invocations rename to moved");
    await expect(ended.insert([row(1)])).rejects.toMatchObject({
      name: "BenchError",
      code: "database-failed",
      message: expect.stringContaining(`${host}${pathname}`),
    });
    await admin.query("alter table moved rename to invocations");
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await vi.waitFor(() => ended.insert([row(1)]));
    await ended.close();
  });
});

describe("describeDatabase", () => {
  it.each([
    [`postgresql://someone:${secret}@db.example.com:6543/bench`, "db.example.com:6543/bench"],
    [`postgres://someone:${secret}@db.example.com/bench?sslmode=require`, "db.example.com:5432/bench"],
    ["postgres://someone@[::1]/b%20b", "[::1]:5432/b b"],
    ["postgres:///bench?host=/run/postgresql", "/run/postgresql:5432/bench"],
    ["postgres://someone@localhost", "localhost:5432/someone"],
  ])("%s is %s", (url, description) => {
    expect(describeDatabase(url)).toBe(description);
  });
});
