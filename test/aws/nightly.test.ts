/** `nightly --target aws` against the served model: an address of its own, and nights that are compared with each other. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Night } from "../../src/metrics/night.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";
import { aPlace } from "./started-run.ts";

let database: TestDatabase;
let served: Serving;

beforeAll(async () => {
  database = await openDatabase();
  served = await serving(database.url);
});

afterAll(async () => {
  await served?.close();
  await database?.close();
});

it("runs at --endpoint-url, whatever the environment says, and compares a night with the one before", async () => {
  const { workplace, environment } = aPlace("http://127.0.0.1:1", served.clockUrl, database.url);
  const night = async () => {
    const { status, stdout, stderr } = await workplace.runBinary(
      { ...environment, THROTTLE_BENCH_TARGET: "" },
      ...["nightly", "scenario-5", "--target", "aws", "--endpoint-url", served.endpoint, "--yes"],
      ...["--events", "20", "--set", "WorkMs=200", "--threshold", "timeTaken=500%", "--json"],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
    return (JSON.parse(stdout) as Night[])[0]!;
  };
  const first = await night();
  expect(first.record).toMatchObject({ target: "aws", kind: "prediction", location: { endpoint: served.endpoint } });
  expect(first).toMatchObject({ baseline: null, isBaseline: true });
  expect(await night()).toMatchObject({ baseline: first.record!.runId, isBaseline: true });
});
