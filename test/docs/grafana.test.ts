/** The page that starts Grafana: its commands run in a shell, every path in them is there, and the password stays in a private file. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const page = readFileSync("infra/grafana/README.md", "utf8");
const [, start] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!);

/** Runs the page's commands with a docker that writes down what it is told. */
function startGrafana(databaseUrl: string) {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-grafana-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  symlinkSync(resolve("infra"), join(directory, "infra"));
  writeFileSync(join(directory, "docker"), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync(join(directory, "docker"), 0o755);
  const env = { ...process.env, PATH: `${directory}:${process.env.PATH}`, URL: databaseUrl };
  const { status, stdout, stderr } = spawnSync("sh", ["-e", "-c", start!], { cwd: directory, env, encoding: "utf8" });
  return { status, stderr, told: stdout.split("\n"), file: join(directory, ".throttle-bench/grafana.env") };
}

function variablesIn(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2)));
}

it("mounts what is there, and keeps the password in a private file", () => {
  const { status, stderr, told, file } = startGrafana(
    "postgresql://me:s3cret%21@db.example:6432/bench?sslmode=require",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(told[0]).toBe("run");
  expect(told.find((word) => word.startsWith("grafana/"))).toMatch(/^grafana\/grafana:[\d.]+$/);
  expect(told.join(" ")).not.toContain("s3cret");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(variablesIn(file)).toEqual({
    THROTTLE_BENCH_DB_HOST: "db.example:6432",
    THROTTLE_BENCH_DB_USER: "me",
    THROTTLE_BENCH_DB_PASSWORD: "s3cret!",
    THROTTLE_BENCH_DB_NAME: "bench",
    THROTTLE_BENCH_DB_SSLMODE: "require",
  });
  const mounts = told.filter((word) => word.endsWith(":ro")).map((mount) => mount.split(":")[0]!);
  expect(mounts.map((path) => path.replace(/.*infra/, "infra")).filter((path) => !existsSync(path))).toEqual([]);
  expect(mounts).toHaveLength(2);
});

it("sets every variable that the provisioning reads", () => {
  const { told, file } = startGrafana("postgresql://me@127.0.0.1/bench");
  const set = [...Object.keys(variablesIn(file)), ...told.map((word) => word.split("=")[0]!)];
  const read = ["datasources", "dashboards"].flatMap((folder) =>
    [...readFileSync(`infra/grafana/provisioning/${folder}/throttle-bench.yaml`, "utf8").matchAll(/\$(\w+)/g)].map(
      ([, name]) => name!,
    ),
  );
  expect(read).toHaveLength(6);
  expect(set).toEqual(expect.arrayContaining(read));
});
