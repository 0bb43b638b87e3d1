/** For a file's tests: a served model for each, behind a proxy that can fail, on one database. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Faults, faultsBefore } from "./faults.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";

export interface EachServed {
  readonly database: TestDatabase;
  readonly served: Serving;
  readonly faults: Faults;
}

/** Registers what opens and closes them; they are there in a test, and in hooks that are registered later. */
export function eachServed(): EachServed {
  let database: TestDatabase;
  let served: Serving;
  let faults: Faults;
  beforeAll(async () => {
    database = await openDatabase();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    served = await serving(database.url);
    faults = await faultsBefore(served.endpoint);
  });
  afterEach(async () => {
    await faults.close();
    await served.close();
  });
  return {
    get database() {
      return database;
    },
    get served() {
      return served;
    },
    get faults() {
      return faults;
    },
  };
}
