/** The shipped scenarios against AWS's published resource schemas, where `cfn-lint` is installed; skipped where it is not. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../infra/scenarios/", import.meta.url).pathname;
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
const installed = spawnSync("cfn-lint", ["--version"]).status === 0;

describe.skipIf(!installed)("cfn-lint", () => {
  it("finds nothing to say about the scenarios", { timeout: 120_000 }, () => {
    expect(files.length).toBeGreaterThan(0);
    const { status, stdout, stderr } = spawnSync("cfn-lint", files, { cwd: folder, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
