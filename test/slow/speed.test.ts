/** The benchmark of speed, at sizes at which its figures say nothing but that all of them are there. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "throttle-bench-speed-test-"));
const tiny = ["--quick", "--size", "0.01", "--budget", "600"];

beforeAll(() => {
  execFileSync("npm", ["run", "-s", "build:bench"]);
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function measure(...flags: string[]) {
  const output = join(directory, "results.json");
  const { status, stdout } = spawnSync(process.execPath, [".build/bench/speed.js", "--output", output, ...flags], {
    encoding: "utf8",
  });
  return { status, stdout, results: JSON.parse(readFileSync(output, "utf8")) };
}

/** The paths of what is null in a value that was JSON, as NaN is, too. */
function nullsIn(value: unknown, path = ""): string[] {
  if (value === null) return [path];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]) => nullsIn(member, path === "" ? key : `${path}.${key}`));
}

it("measures everything, prints it and writes every figure", () => {
  const { status, stdout, results } = measure(...tiny);
  expect(results.missing).toEqual({});
  expect(status).toBe(0);
  expect(stdout).not.toMatch(/missing|NaN|Infinity|undefined/);
  const { start, virtualTime, messages, scaling, rows, simulations } = results;
  expect(nullsIn({ start, virtualTime, messages, scaling, rows, simulations })).toEqual([
    "scaling.sizes.0.alone.peakPerEventKb",
    "scaling.sizes.0.command.peakPerEventKb",
    "scaling.stopped",
  ]);
  expect(start.versionPerNode).toBeGreaterThan(0);
  expect(messages.map(({ batchSize }: { batchSize: number }) => batchSize)).toEqual([1, 10]);
  for (const { eventsPerMessage, modelPerKernel, shares } of messages) {
    expect(eventsPerMessage).toBeGreaterThan(2);
    expect(modelPerKernel).toBeGreaterThan(1);
    const { services, kernel, ...others } = shares.byOwner as Record<string, number>;
    expect(services).toBeGreaterThan(0);
    expect(Object.values(others).reduce((sum, share) => sum + share, services! + kernel!)).toBeCloseTo(1);
  }
  // So few events give the sampler some hundred looks, and none of them need fall into the kernel for one of the sizes.
  const kernelShares = messages.map(({ shares }: { shares: { byOwner: { kernel: number } } }) => shares.byOwner.kernel);
  expect(Math.max(...kernelShares)).toBeGreaterThan(0);
  expect(scaling.sizes.map(({ events }: { events: number }) => events)).toEqual([10, 100, 1_000]);
});

it("says where the series of growing runs has stopped when its time is over, and shows what is missing as missing", () => {
  const { status, stdout, results } = measure(...tiny, "--only", "scaling", "--budget", "0.001");
  expect(status).toBe(0);
  expect(results.scaling.stopped).toMatch(/^10 events, model alone, did not end/);
  expect(results.scaling.sizes).toContainEqual({ events: 1_000, alone: null, command: null });
  expect(stdout).toMatch(/1,000 events, whole command +missing/);
  expect(results.start).toBeNull();
  expect(results.missing.start).toBe("It was not asked for.");
});
