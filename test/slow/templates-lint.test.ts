/** cfn-lint, which nobody here wrote, has nothing to say about the shipped templates; skipped where it is not installed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { planted } from "../contract/planted-mistake.ts";
import { shippedTemplates } from "../contract/shipped-templates.ts";

const installed = spawnSync("cfn-lint", ["--version"]).status === 0;

/** Writes the templates into a directory of their own and lints them. */
function lint(templates: readonly { file: string; text: string }[], ...flags: string[]) {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-lint-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const { file, text } of templates) writeFileSync(join(directory, file), text);
  const files = templates.map(({ file }) => file);
  return spawnSync("cfn-lint", [...flags, ...files], { cwd: directory, encoding: "utf8" });
}

describe.skipIf(!installed)("cfn-lint", () => {
  it("finds nothing to say about the templates", () => {
    expect(shippedTemplates.length).toBeGreaterThan(5);
    expect(lint(shippedTemplates)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["pattern", "Role: !GetAtt ConsumerRole.Arn", "Role: consumer role", "E3031"],
    ["range", "MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 1209601", "E3034"],
  ])("finds a planted mistake of the kind: %s", (_kind, original, mistake, rule) => {
    const { stdout } = lint([{ file: "template.yaml", text: planted(original, mistake) }], "--format", "parseable");
    expect(stdout).toContain(`:${rule}:`);
  });
});
