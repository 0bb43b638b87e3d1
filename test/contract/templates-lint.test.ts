/** The shipped templates by cfn-lint's own rules, where it is installed; skipped where it is not. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shippedTemplates } from "./shipped-templates.ts";

const installed = spawnSync("cfn-lint", ["--version"]).status === 0;

describe.skipIf(!installed)("cfn-lint", () => {
  it("finds nothing to say about the templates", { timeout: 120_000 }, () => {
    const directory = mkdtempSync(join(tmpdir(), "throttle-bench-lint-"));
    try {
      for (const { file, text } of shippedTemplates) writeFileSync(join(directory, file), text);
      const files = shippedTemplates.map(({ file }) => file);
      expect(files.length).toBeGreaterThan(5);
      const { status, stdout, stderr } = spawnSync("cfn-lint", files, { cwd: directory, encoding: "utf8" });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
