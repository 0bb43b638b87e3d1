/**
 * The templates against AWS's published resource schemas: types, properties, required ones, primitive types, enums,
 * attributes, references. The published package has no patterns and no ranges; those are in cfn-lint's copy of the schemas, so
 * their planted mistakes are found by cfn-lint, where it is installed, and are skipped visibly where it is not.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { objectionsTo } from "./resource-schemas.ts";

const infra = fileURLToPath(new URL("../../infra/", import.meta.url));
const templates = readdirSync(infra, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".yaml") && readFileSync(join(infra, file), "utf8").startsWith("AWSTemplateFormatVersion"),
);
const scenario = readFileSync(join(infra, "scenarios/scenario-3.yaml"), "utf8");
const hasLint = spawnSync("cfn-lint", ["--version"]).status === 0;

/** The scenario with one mistake; the text that it replaces has to be there. */
function planted(original: string | RegExp, mistake: string): string {
  const template = scenario.replace(original, mistake);
  expect(template).not.toBe(scenario);
  return template;
}

it("covers the five scenarios", () => {
  expect(templates.length).toBeGreaterThanOrEqual(5);
});

it.each(templates)("finds nothing to object to in %s", async (file) => {
  expect(await objectionsTo(readFileSync(join(infra, file), "utf8"))).toEqual([]);
});

it.each<[kind: string, original: string | RegExp, mistake: string, objection: string]>([
  ["type", "Type: AWS::SQS::Queue\n", "Type: AWS::SQS::Qeue\n", "Queue is of the unknown type AWS::SQS::Qeue"],
  [
    "property",
    "VisibilityTimeout: !Ref VisibilityTimeout",
    "VisibilityTimeOut: !Ref VisibilityTimeout",
    "Queue/Properties/VisibilityTimeOut is no property",
  ],
  [
    "property further in",
    "- MaximumConcurrency: !Ref MaximumConcurrency",
    "- MaxConcurrency: !Ref MaximumConcurrency",
    "ConsumerMapping/Properties/ScalingConfig/MaxConcurrency is no property",
  ],
  [
    "missing property",
    /( {2}ConsumerFunction:[\s\S]*?) {6}Role: !GetAtt ConsumerRole.Arn\n/,
    "$1",
    "ConsumerFunction/Properties/Role is missing",
  ],
  [
    "primitive",
    "MessageRetentionPeriod: 1209600",
    "MessageRetentionPeriod: two weeks",
    'DeadLetterQueue/Properties/MessageRetentionPeriod is "two weeks", not an integer',
  ],
  [
    "primitive in a parameter",
    "BatchSize: !Ref BatchSize",
    "BatchSize: !Ref ReportBatchItemFailures",
    "ConsumerMapping/Properties/BatchSize is the text of ReportBatchItemFailures, not an integer",
  ],
  [
    "list",
    /FunctionResponseTypes: !If\n\s+- ReportsItemFailures\n\s+- - ReportBatchItemFailures\n\s+- !Ref AWS::NoValue/,
    "FunctionResponseTypes: ReportBatchItemFailures",
    'ConsumerMapping/Properties/FunctionResponseTypes is "ReportBatchItemFailures", not a list',
  ],
  [
    "text for an object",
    /LoggingConfig:\n\s+LogGroup: !Ref ConsumerLogGroup/,
    "LoggingConfig: ConsumerLogGroup",
    'ConsumerFunction/Properties/LoggingConfig is "ConsumerLogGroup", not an object (LoggingConfig)',
  ],
  [
    "enum",
    /LoggingConfig:\n(\s+)LogGroup: !Ref ConsumerLogGroup/,
    "LoggingConfig:\n$1LogFormat: Xml\n$1LogGroup: !Ref ConsumerLogGroup",
    "ConsumerFunction/Properties/LoggingConfig/LogFormat is Xml, not one of Text, JSON",
  ],
  [
    "enum in a parameter",
    "[1, 3, 5, 7, 14,",
    "[1, 3, 5, 7, 13, 14,",
    "ConsumerLogGroup/Properties/RetentionInDays (LogRetentionDays) is 13, not one of",
  ],
  [
    "attribute",
    "Endpoint: !GetAtt Queue.Arn",
    "Endpoint: !GetAtt Queue.ARN",
    "Subscription/Properties/Endpoint: AWS::SQS::Queue has no attribute ARN",
  ],
  [
    "reference",
    "FunctionName: !Ref ConsumerFunction",
    "FunctionName: !Ref Consumer",
    "ConsumerMapping/Properties/FunctionName refers to Consumer, which is neither a resource nor a parameter",
  ],
  [
    "reference in an output",
    "Value: !Ref ProducerFunction",
    "Value: !GetAtt Producer.Arn",
    "Outputs/ProducerFunction refers to Producer, which is no resource",
  ],
])("finds a planted mistake of the kind: %s", async (_kind, original, mistake, objection) => {
  expect(await objectionsTo(planted(original, mistake))).toEqual(
    expect.arrayContaining([expect.stringContaining(objection)]),
  );
});

it.skipIf(!hasLint).each<[kind: string, original: string, mistake: string, rule: string]>([
  ["pattern", "Role: !GetAtt ConsumerRole.Arn", "Role: consumer role", "E3031"],
  ["range", "MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 1209601", "E3034"],
])("finds a planted mistake of the kind, with cfn-lint: %s", { timeout: 60_000 }, (_kind, original, mistake, rule) => {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-lint-"));
  try {
    writeFileSync(join(directory, "template.yaml"), planted(original, mistake));
    const { stdout } = spawnSync("cfn-lint", ["--format", "parseable", "template.yaml"], {
      cwd: directory,
      encoding: "utf8",
    });
    expect(stdout).toContain(`:${rule}:`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
