/** The shipped templates by cfn-lint's own rules, where it is installed; skipped where it is not. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { shippedTemplates } from "./shipped-templates.ts";

const infra = fileURLToPath(new URL("../../infra/", import.meta.url));
const installed = spawnSync("cfn-lint", ["--version"]).status === 0;

describe.skipIf(!installed)("cfn-lint", () => {
  it("finds nothing to say about the templates", { timeout: 120_000 }, () => {
    const files = shippedTemplates.map(({ file }) => file);
    expect(files.length).toBeGreaterThan(5);
    const { status, stdout, stderr } = spawnSync("cfn-lint", files, { cwd: infra, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
