/** Verbs take a template that nobody wrote for throttle-bench, and say what they made of it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { theirTemplate, twoPaths } from "./their-template.ts";
import { aWorkplace } from "./throttle-bench.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

function workplaceWith(files: Record<string, string | Buffer>) {
  const workplace = aWorkplace();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(workplace.directory, name, ".."), { recursive: true });
    writeFileSync(join(workplace.directory, name), content);
  }
  return workplace;
}

const batch = ["--parameters", "Batch=5"];

describe("init --from", () => {
  it("prints a scenario below the account of its settings, and `--out` writes the same and prints the account", async () => {
    const workplace = workplaceWith({ "theirs.yaml": theirTemplate });
    const printed = await workplace.run("init", "--from", "theirs.yaml", ...batch);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    const [account, scenario] = printed.stdout.split("\n\n", 2);
    expect(account!.split("\n").every((line) => line.startsWith("#"))).toBe(true);
    expect(account).toMatch(/MaximumConcurrency +│ +4 │ ScalingConfig.MaximumConcurrency +│ Mapping │ line 35/);
    expect(account).toMatch(/ConsumerMemory +│ +128 │ MemorySize +│ Worker +│ default/);
    expect(scenario).toContain("AWSTemplateFormatVersion");
    const written = await workplace.run("init", "--from", "theirs.yaml", ...batch, "--out", "mine.yaml");
    expect(written).toMatchObject({ status: 0, stderr: "Wrote mine.yaml.\n" });
    expect(written.stdout).toContain("throttle-bench run ./mine.yaml");
    const again = await workplace.run("show", "./mine.yaml", "--json");
    const facts = JSON.parse(again.stdout) as { settings: { name: string; default: string }[] };
    const shown = Object.fromEntries(facts.settings.map((each) => [each.name, each.default]));
    expect(shown).toMatchObject({ VisibilityTimeout: "180", BatchSize: "5", MaximumConcurrency: "4", WorkMs: "1000" });
  });

  it("as JSON and Markdown tells the same, and as a page", async () => {
    const workplace = workplaceWith({ "theirs.yaml": theirTemplate });
    const from = ["init", "--from", "theirs.yaml", ...batch, "--work", "300ms..2s"];
    const json = JSON.parse((await workplace.run(...from, "--json")).stdout);
    expect(json).toMatchObject({ format: "CloudFormation", path: { words: "SQS Jobs → Lambda Worker" }, assumed: [] });
    expect(json.settings).toMatchObject({ MaxReceiveCount: "7", ConsumerTimeout: "30" });
    expect(json.scenario).toMatch(/WorkMs:\n {4}Default: 300/);
    const markdown = await workplace.run(...from, "--markdown", "--html", "a.html");
    expect(markdown.stdout).toMatch(/\| MaxReceiveCount \| 7 \|/);
    expect(readFileSync(join(workplace.directory, "a.html"), "utf8")).toContain("<td>7</td>");
  });

  it("lists several event paths with the flags that choose each, as JSON as well, and ends with 2", async () => {
    const workplace = workplaceWith({ "theirs.yaml": twoPaths });
    const asked = await workplace.run("init", "--from", "theirs.yaml");
    expect(asked).toMatchObject({ status: 2, stdout: "" });
    expect(asked.stderr).toMatch(/--function Worker.*SQS Jobs.*\n.*--function Mailer.*SQS Mails/);
    const json = await workplace.run("init", "--from", "theirs.yaml", "--json");
    expect(json.status).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      paths: [
        { flags: ["--function", "Worker"] },
        { flags: ["--function", "Mailer"], path: "SQS Mails → Lambda Mailer" },
      ],
    });
    const mails = await workplace.run("init", "--from", "theirs.yaml", "--queue", "Mails", "--json");
    expect(JSON.parse(mails.stdout).path.words).toBe("SQS Mails → Lambda Mailer");
  });

  it("reads cdk.out, a directory with a template, text with a byte order mark, CRLF, and UTF-16", async () => {
    const json = JSON.stringify({ Resources: { Worker: { Type: "AWS::Lambda::Function", Properties: {} } } });
    const workplace = workplaceWith({
      "cdk/cdk.out/App.template.json": json,
      "plain/template.yaml": `\uFEFF${theirTemplate.replaceAll("\n", "\r\n")}`,
      "windows.yaml": Buffer.from(`\uFEFF${theirTemplate}`, "utf16le"),
    });
    for (const from of ["plain", "windows.yaml"]) {
      const { stdout } = await workplace.run("init", "--from", from, ...batch, "--json");
      expect(JSON.parse(stdout).settings, from).toMatchObject({ MaximumConcurrency: "4", BatchSize: "5" });
    }
    const cdk = await workplace.run("init", "--from", "cdk", "--function", "Worker", "--json");
    expect(JSON.parse(cdk.stdout).file).toBe(join("cdk", "cdk.out", "App.template.json"));
  });

  it.each([
    ["samconfig.toml", "samconfig.toml", /samconfig\.toml is the configuration of the SAM CLI/],
    ["cdk.json", "app", /cdk\.json is CDK's own file about an app; .*cdk synth/],
    ["main.tf", "app", /main\.tf is Terraform's own language; .*terraform show -json/],
  ])("says of %s, by its name or in its directory, what its tool makes of it", async (name, given, told) => {
    const workplace = workplaceWith({ [given === name ? name : `app/${name}`]: "{}" });
    const { status, stderr } = await workplace.run("run", given);
    expect(status).toBe(2);
    expect(stderr).toMatch(told);
  });

  it("reads CDK's output by its manifest: the only stack, or a list of those of all stages", async () => {
    const json = JSON.stringify({ Resources: { Worker: { Type: "AWS::Lambda::Function", Properties: {} } } });
    const stack = (templateFile: string, displayName?: string) => ({
      type: "aws:cloudformation:stack",
      properties: { templateFile },
      ...(displayName && { displayName }),
    });
    const stage = { type: "cdk:cloud-assembly", properties: { directoryName: "assembly-Prod" } };
    const workplace = workplaceWith({
      // CDK writes its version into a file of that name.
      "one/cdk.out": JSON.stringify({ version: "55.0.0" }),
      "one/manifest.json": JSON.stringify({ artifacts: { App: stack("App.json"), Tree: { type: "cdk:tree" } } }),
      "one/App.json": json,
      "several/manifest.json": JSON.stringify({ artifacts: { Other: stack("Other.json"), "assembly-Prod": stage } }),
      "several/assembly-Prod/manifest.json": JSON.stringify({ artifacts: { ProdApp: stack("A.json", "Prod/App") } }),
    });
    const one = await workplace.run("init", "--from", "one", "--function", "Worker", "--json");
    expect(JSON.parse(one.stdout).file).toBe(join("one", "App.json"));
    const several = await workplace.run("init", "--from", "several");
    expect(several).toMatchObject({ status: 2, stdout: "" });
    expect(several.stderr.trim().split("\n")).toEqual([
      "error: several has the templates of 2 stacks; give one of them:",
      `  ${join("several", "Other.json")} (stack Other)`,
      `  ${join("several", "assembly-Prod", "A.json")} (stack Prod/App)`,
    ]);
  });

  it("reads the queue that another stack of CDK's output exports, with the lines of that stack's file", async () => {
    const exported = "Queues:ExportsOutputFnGetAttJobsArn";
    const queues = {
      Resources: {
        Dead: { Type: "AWS::SQS::Queue" },
        Jobs: {
          Type: "AWS::SQS::Queue",
          Properties: {
            VisibilityTimeout: 240,
            RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 9 },
          },
        },
      },
      Outputs: { Jobs: { Value: { "Fn::GetAtt": ["Jobs", "Arn"] }, Export: { Name: exported } } },
    };
    const workers = {
      Resources: {
        // The same logical ID as in the other stack.
        Dead: { Type: "AWS::SQS::Queue" },
        Worker: { Type: "AWS::Lambda::Function", Properties: { Timeout: 30 } },
        Feed: {
          Type: "AWS::Lambda::EventSourceMapping",
          Properties: {
            EventSourceArn: { "Fn::ImportValue": exported },
            FunctionName: { Ref: "Worker" },
            BatchSize: 2,
          },
        },
      },
    };
    const workplace = workplaceWith({
      "cdk.out/Queues.template.json": JSON.stringify(queues, null, 2),
      "cdk.out/Workers.template.json": JSON.stringify(workers, null, 2),
      "cdk.out/Broken.template.json": "{",
    });
    const file = join("cdk.out", "Workers.template.json");
    const read = JSON.parse((await workplace.run("init", "--from", file, "--json")).stdout);
    expect(read.path.words).toBe("SQS Jobs → Lambda Worker");
    expect(read.settings).toMatchObject({ VisibilityTimeout: "240", MaxReceiveCount: "9", BatchSize: "2" });
    const { stdout } = await workplace.run("init", "--from", file);
    expect(stdout).toMatch(/VisibilityTimeout +│ +240 │ VisibilityTimeout .*Queues\.template\.json, line 9 /);
    // Alone it has the function, and a queue that is elsewhere.
    workplace.write("alone.json", JSON.stringify(workers));
    const alone = JSON.parse((await workplace.run("init", "--from", "alone.json", "--json")).stdout);
    expect(alone.settings).toMatchObject({ VisibilityTimeout: "30", BatchSize: "2" });
  });

  it.each<[what: string, content: string | Buffer, problem: RegExp]>([
    ["an empty file", "\n", /theirs\.yaml is empty; give a template/],
    ["a picture", Buffer.from([0x89, 0x50, 0, 1, 2]), /theirs\.yaml is no text/],
    ["no template", "a: 1\n", /theirs\.yaml is none of the files/],
    ["no function", "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n", /it declares no function/],
    [
      "JSON with comments",
      '{\n  "Resources": {\n    "Url": "http://a", // here\n    "Q": {}\n  }\n}\n',
      /theirs\.yaml, line 3: a comment/,
    ],
    ["JSON headed by a comment", '/* by hand */\n{ "Resources": {} }\n', /theirs\.yaml, line 1: a comment/],
    ["tabs", "Resources:\n\tQ:\n", /theirs\.yaml, line 2/],
  ])("refuses %s in a sentence", async (_, content, problem) => {
    const workplace = workplaceWith({ "theirs.yaml": content });
    const { status, stdout, stderr } = await workplace.run("init", "--from", "theirs.yaml");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(problem);
    expect(stderr).not.toMatch(/bug|\n {2}at /);
  });

  it.each([
    [["--function", "Worker"], /--function goes with --from/],
    [["--json"], /--json goes with --from/],
    [["--from", "none.yaml"], /none\.yaml cannot be read/],
    [["--from", "."], /has no \*\.template\.json of CDK/],
  ])("refuses %j", async (flags, problem) => {
    const { status, stderr } = await aWorkplace().run("init", ...flags);
    expect(status).toBe(2);
    expect(stderr).toMatch(problem);
  });
});

it("A name that is none of the template's is answered with the nearest", async () => {
  const workplace = workplaceWith({ "theirs.yaml": twoPaths });
  const of = (...flags: string[]) => workplace.run("init", "--from", "theirs.yaml", ...flags);
  expect((await of("--function", "Workr")).stderr).toMatch(/no event path with Workr; did you mean Worker\? It has:/);
  expect((await of("--queue", "Mail")).stderr).toMatch(/no event path with Mail; did you mean Mail/);
  expect((await of("--parameters", "Bach=1")).stderr).toMatch(/gives Bach.*did you mean Batch\? It has Stage, Batch/);
  expect((await of("--function", "Workr")).status).toBe(2);
});

describe("a template of somebody's own", () => {
  it("runs as its scenario does, says on one line what was taken, and keeps all of it in its record", async () => {
    const workplace = workplaceWith({ "theirs.yaml": theirTemplate });
    const flags = ["--events", "20", "--json", "--database-url", database.url];
    const { stdout, stderr, status } = await workplace.run("run", "./theirs.yaml", ...batch, ...flags);
    expect(status, stderr).toBe(0);
    const [record] = JSON.parse(stdout) as [RunRecord];
    expect(record.warnings).toEqual([{ code: "work-assumed", workMs: 1000 }]);
    expect(stderr.split("\n")[0]).toMatch(
      /^From \.\/theirs\.yaml: SQS Jobs → Lambda Worker, .*init --from \.\/theirs\.yaml/,
    );
    await workplace.run("init", "--from", "theirs.yaml", ...batch, "--out", "mine.yaml");
    const mine = await workplace.run("run", "./mine.yaml", ...flags);
    const [own] = JSON.parse(mine.stdout) as [RunRecord];
    expect(own.summary).toEqual(record.summary);
    const traced = await workplace.run("trace", record.runId, "1");
    expect(traced).toMatchObject({ status: 0 });
    const report = await workplace.run("report", record.runId);
    expect(report.stdout).toContain("1 s is assumed");
    const given = await workplace.run("run", "./theirs.yaml", ...batch, "--work", "200ms..400ms", ...flags);
    const [withWork] = JSON.parse(given.stdout) as [RunRecord];
    expect(withWork).toMatchObject({ warnings: [], settings: { WorkMs: "200", WorkMsMax: "400" } });
  });

  it("warns of a limit that is written and not known, because the run goes on without it", async () => {
    const limited = theirTemplate
      .replace(/^Parameters:/m, "Parameters:\n  Limit: { Type: Number }")
      .replace("MaximumConcurrency: 4", "MaximumConcurrency: !Ref Limit");
    const workplace = workplaceWith({ "theirs.yaml": limited });
    const without = await workplace.run("show", "./theirs.yaml", ...batch);
    expect(without.stderr).toMatch(/\nwarning: theirs: MaximumConcurrency, line \d+: .*--parameters Limit=value\.\n/);
    const known = await workplace.run("show", "./theirs.yaml", ...batch, "--parameters", "Limit=6");
    expect(known.stderr).not.toMatch(/warning: theirs: MaximumConcurrency/);
  });

  it("is swept and shown, and its settings are the scenario's", async () => {
    const workplace = workplaceWith({ "theirs.yaml": twoPaths });
    const chosen = ["--function", "Worker", ...batch];
    const swept = await workplace.run(
      ...["sweep", "./theirs.yaml", ...chosen, "--set", "MaximumConcurrency=2,4", "--work", "500ms"],
      ...["--events", "20", "--repeat", "1", "--json"],
    );
    const { cells } = JSON.parse(swept.stdout) as { cells: { settings: Record<string, string> }[] };
    expect(cells.map(({ settings }) => [settings.MaximumConcurrency, settings.WorkMs])).toEqual([
      ["2", "500"],
      ["4", "500"],
    ]);
    const shown = await workplace.run("show", "./theirs.yaml", ...chosen);
    expect(shown.stdout).toContain("MaximumConcurrency = 4");
    const listed = await workplace.run("list", "./theirs.yaml", ...chosen, "--json");
    expect(JSON.parse(listed.stdout)).toHaveLength(1);
  });

  it("is asked for where flags choose in nothing, and where two flags say the same", async () => {
    const workplace = workplaceWith({ "theirs.yaml": theirTemplate });
    const shipped = await workplace.run("run", "scenario-4", "--function", "Worker");
    expect(shipped.stderr).toMatch(/--function is for a template of your own, and scenario-4 is a scenario/);
    const twice = await workplace.run("run", "./theirs.yaml", "--work", "1s", "--set", "WorkMs=5");
    expect(twice.stderr).toMatch(/--work and --set WorkMs both say/);
    expect([shipped.status, twice.status]).toEqual([2, 2]);
  });
});
