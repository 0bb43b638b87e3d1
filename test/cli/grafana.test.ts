/** `grafana` prints one command that a shell takes, with every path there and no secret in it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";

it("prints a command whose files are there, and keeps the password in a private file", async () => {
  const workplace = aWorkplace();
  const url = "postgresql://me:s3cret%21@db.example:6432/bench?sslmode=require";
  const { status, stdout, stderr } = await workplace.run("grafana", "--database-url", url);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^docker run .* grafana\/grafana:[\d.]+\n$/);
  expect(stdout).not.toContain("s3cret");
  expect(spawnSync("sh", ["-n", "-c", stdout]).status).toBe(0);
  const [, file] = /--env-file (\S+)/.exec(stdout)!;
  expect(statSync(file!).mode & 0o777).toBe(0o600);
  expect(readFileSync(file!, "utf8").split("\n")).toEqual(
    expect.arrayContaining([
      "THROTTLE_BENCH_DB_HOST=db.example:6432",
      "THROTTLE_BENCH_DB_USER=me",
      "THROTTLE_BENCH_DB_PASSWORD=s3cret!",
      "THROTTLE_BENCH_DB_NAME=bench",
      "THROTTLE_BENCH_DB_SSLMODE=require",
    ]),
  );
  for (const [, path] of stdout.matchAll(/-v ([^: ]+):/g)) expect(existsSync(path!)).toBe(true);
});

it("refuses a URL that is none", async () => {
  const workplace = aWorkplace();
  expect(await workplace.run("grafana", "--database-url", "mysql://x")).toMatchObject({ status: 2, stdout: "" });
  expect(workplace.files()).toEqual([]);
});
