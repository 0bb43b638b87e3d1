/** Bad input ends with status 2, one sentence on stderr, nothing on stdout, and nothing touched. */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aWorkplace, binary, noAccount } from "./throttle-bench.ts";
import { toyTemplate } from "./toy-template.ts";

const refusals: [what: string, args: string[], message: RegExp][] = [
  ["an unknown scenario, with the nearest", ["run", "senario-4"], /no scenario "senario-4"; did you mean scenario-4\?/],
  [
    "an unknown scenario among known ones",
    ["run", "scenario-1", "nothing-like-it"],
    /no scenario "nothing-like-it"; there are scenario-1 \(sns-direct\), /,
  ],
  ["a scenario to show that there is not", ["show", "scenario5"], /did you mean scenario-5\?/],
  ["a template that is not there", ["run", "./none.yaml"], /template \.\/none\.yaml cannot be read/],
  [
    "an unknown setting, with the nearest",
    ["run", "scenario-4", "--set", "VisibilityTimeot=60"],
    /no setting VisibilityTimeot; did you mean VisibilityTimeout\?/,
  ],
  ["a setting of the harness", ["run", "scenario-4", "--set", "DatabaseUrl=postgres://x"], /--database-url/],
  ["a setting without a value", ["run", "scenario-4", "--set", "WorkMs"], /--set Name=value/],
  [
    "a setting out of its bounds, with the bounds",
    ["run", "scenario-4", "--set", "VisibilityTimeout=43201"],
    /VisibilityTimeout=43201 .* 0 to 43200/,
  ],
  [
    "a record's age that Lambda does not take",
    ["run", "kinesis-one-shard", "--set", "MaximumRecordAge=30"],
    /MaximumRecordAge=30 is out of bounds; kinesis-one-shard takes -1 \(no limit\) or whole seconds from 60 to 604800/,
  ],
  [
    "more pollers at least than there may be",
    ["run", "provisioned-pollers", "--set", "MinimumPollers=5"],
    /MinimumPollers must not be greater than MaximumPollers; .* raise MaximumPollers to at least 5, or lower MinimumPollers to at most 2/,
  ],
  [
    "a setting that only one of the scenarios has",
    ["run", "scenario-4", "scenario-1", "--set", "VisibilityTimeout=60"],
    /scenario-1 has no setting VisibilityTimeout/,
  ],
  [
    "a run that may cost more than a dollar, before an account is looked for",
    ["run", "scenario-5", "--target", "aws", "--events", "1000000"],
    /The run may cost about \$\d\.\d\d, above the limit of \$1\.00, most of it, \$\d\.\d\d, for the time that the consumer runs; allow it with --max-cost \d(\.\d)?, or give fewer --events\. Nothing was created\./,
  ],
  [
    "runs that may cost more together than they may",
    ["nightly", "all", "--target", "aws", "--max-cost", "$0.05"],
    /The \d\d runs together may cost about \$0\.\d\d, above the limit of \$0\.05, .*, or give fewer --events or fewer scenarios/,
  ],
  [
    "the retries of calls that fail, where they make it dear",
    [
      ...["run", "scenario-5", "--target", "aws", "--events", "20000", "--set", "FailureRate=0.95"],
      ...["--set", "MaxReceiveCount=100", "--set", "ConsumerMemory=1024"],
    ],
    /may cost about \$\d\.\d\d, above the limit of \$1\.00/,
  ],
  ...["-1", "Infinity", "1e3", "0x10", "2 euros", "", "NaN", "10000000"].map((typed): [string, string[], RegExp] => [
    `--max-cost ${JSON.stringify(typed)}`,
    ["run", "scenario-5", "--target", "aws", `--max-cost=${typed}`],
    /--max-cost ".*" is no amount; give US dollars such as 2 or 0\.50, at most 1,000,000/,
  ]),
  [
    "a limit of the cost on the model, which costs nothing",
    ["run", "scenario-5", "--max-cost", "2"],
    /--max-cost belongs to an account and changes nothing in the local model/,
  ],
  [
    "a run whose record could not have its name on Windows",
    ["run", "scenario-5", "--run-id", "Con"],
    /--run-id Con is the name of a device on Windows/,
  ],
  ["no events", ["run", "scenario-4", "--events", "0"], /--events "0" .* 1 to 1,000,000/],
  ["negative events", ["run", "scenario-4", "--events=-5"], /--events "-5" .* 1 to 1,000,000/],
  ["an absurd number of events", ["run", "scenario-4", "--events", "1000001"], /1 to 1,000,000/],
  ["events in words", ["run", "scenario-4", "--events", "many"], /--events "many"/],
  [
    "a pace of another unit",
    ["run", "scenario-4", "--rate", "50/h"],
    /--rate "50\/h" is no pace; give one such as 50\/s/,
  ],
  ["a pace of nothing", ["run", "scenario-4", "--rate", "0/s"], /--rate "0\/s" is no pace/],
  [
    "two paces",
    ["run", "scenario-4", "--rate", "50/s", "--set", "PublishRate=20"],
    /--rate and --set PublishRate both set the pace/,
  ],
  [
    "a time to fire without a pace",
    ["run", "scenario-4", "--rate", "max", "--for", "20s"],
    /give it with a --rate such as 50\/s/,
  ],
  ["two numbers of events", ["run", "scenario-4", "--rate", "1/s", "--for", "9s", "--events", "9"], /give one of them/],
  ["a pace that takes too long", ["run", "scenario-4", "--rate", "9999/s", "--for", "1h"], /makes 35,996,400 events/],
  ["a refreshed report of nothing", ["report", "--refresh"], /no records in/],
  ["a seed that is none", ["run", "scenario-4", "--seed", "1.5"], /--seed "1\.5"/],
  ["an unknown platform", ["run", "scenario-4", "--platform", "2019"], /--platform "2019" .* 2020 or 2026/],
  ["an unknown target", ["run", "scenario-4", "--target", "gcp"], /--target "gcp" .* local or aws/],
  ["a seed on AWS", ["run", "scenario-4", "--target", "aws", "--seed", "2"], /--seed belongs to the local model/],
  [
    "an assumed number that there is not, with the nearest",
    ["run", "scenario-4", "--assume", "database.conectMs=20"],
    /--assume database\.conectMs is no number of the model; did you mean database\.connectMs\?/,
  ],
  [
    "an assumed number by the end of its name, with the whole",
    ["nightly", "--assume", "maximumConnections=20"],
    /did you mean database\.maximumConnections\?/,
  ],
  [
    "an assumed number that is like no other",
    ["serve", "--assume", "x=1"],
    /--assume x is no number of the model; `throttle-bench show model` lists them/,
  ],
  [
    "an assumed number without a value",
    ["run", "scenario-4", "--assume", "database.connectMs"],
    /--assume "database\.connectMs" gives no number; write it as --assume database\.connectMs=20/,
  ],
  [
    "an assumed number that is impossible",
    ["run", "scenario-4", "--assume", "database.maximumConnections=0"],
    /database\.maximumConnections=0 is impossible; give a whole number from 1 to 1,000,000,000, or none/,
  ],
  [
    "an assumed share above 1",
    ["show", "model", "--assume", "sns.retryJitter=1.5"],
    /sns\.retryJitter=1\.5 is impossible; give a number from 0 to 1\./,
  ],
  [
    "no limit where there has to be one",
    ["run", "scenario-4", "--assume", "lambda.accountConcurrency=none"],
    /lambda\.accountConcurrency=none is impossible; give a whole number from 0/,
  ],
  [
    "an assumed number on AWS",
    ["run", "scenario-4", "--target", "aws", "--assume", "database.connectMs=20"],
    /--assume belongs to the local model and changes nothing in an account; leave it out with --target aws/,
  ],
  [
    "an assumed number of a scenario",
    ["show", "scenario-4", "--assume", "database.connectMs=20"],
    /goes with `show mod/,
  ],
  ["a template of the model", ["show", "model", "--template"], /--template prints a scenario's template/],
  ["a time limit without a unit", ["run", "scenario-4", "--timeout", "90"], /--timeout "90" .* 6h/],
  ["a run id that is no file name", ["run", "scenario-4", "--run-id", "../up"], /--run-id "\.\.\/up"/],
  [
    "a database that is not Postgres",
    ["run", "scenario-4", "--database-url", "mysql://me:geheim@host/db"],
    /postgresql:\/\//,
  ],
  [
    "no scenario, with the help of the verb",
    ["run"],
    /missing required argument 'scenario'; `throttle-bench help run` lists/,
  ],
  ["a flag without its value", ["run", "scenario-4", "--events"], /argument missing; `throttle-bench help run` lists/],
  ["one side of a comparison", ["compare", "a"], /One run compares with nothing; name two or more/],
  ["the help of what is no verb", ["help", "nope"], /"nope" is no verb; `throttle-bench help` lists/],
  ["the earlier verb prune", ["prune"], /prune is gone; use `throttle-bench history --prune`/],
  ["the earlier verb db", ["db"], /db is gone; use `throttle-bench database url`/],
  ["the earlier verb grafana", ["grafana", "--help"], /grafana is gone; .* infra\/grafana\/README\.md says/],
  ["a region to serve that is none", ["serve", "--region", "x x"], /--region "x x" is no region; give one such as/],
  ["a region of an account that is none", ["clean", "--region", "nowhere"], /--region "nowhere" is no region/],
  ["a host to serve on that is no address", ["serve", "--host", "nope"], /--host "nope" is no address; give one such/],
  ["a run to forget without its name", ["resume", "--drop"], /--drop forgets one run; name it/],
  ["two formats of a scenario", ["show", "scenario-4", "--json", "--template"], /--template and --json each choose/],
  ["a report's account without --refresh", ["report", "--profile", "x"], /--profile goes with --refresh/],
  ["a report's endpoint without --refresh", ["report", "--endpoint-url", "http://x"], /--endpoint-url goes with --ref/],
  ["a consent that the local target needs not", ["run", "scenario-4", "--yes"], /--yes belongs to an account/],
  ["an account to check locally", ["doctor", "--target", "local", "--profile", "x"], /--profile belongs to an account/],
  ["a policy as JSON twice", ["doctor", "--policy", "run", "--json"], /leave out --json/],
  ["an unknown verb, with the nearest", ["rnu"], /unknown command 'rnu'; did you mean run\?/],
  [
    "an unknown flag, with the nearest",
    ["run", "scenario-4", "--evnts", "5"],
    /unknown option '--evnts'; did you mean --events\?/,
  ],
  ["a report of nothing", ["report"], /no records in \.throttle-bench\/runs yet/],
  ["a report of a file that is not there", ["report", "./gone.json"], /no record file \.\/gone\.json/],
];

describe("throttle-bench", () => {
  it.each(refusals)("refuses %s", async (_, args, message) => {
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.run(...args);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: .*[.?]\n$/);
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 2, stdout: "", files: [] });
  });

  it("never repeats the password of a database URL", async () => {
    const workplace = aWorkplace();
    for (const url of ["mysql://me:geheim@host/db", "postgres://me:geheim@127.0.0.1:1/db"]) {
      const run = ["run", "scenario-4", "--verbose"];
      const byFlag = await workplace.run(...run, "--database-url", url);
      const byEnvironment = await workplace.runWith({ ...noAccount, DATABASE_URL: url }, ...run, "--target", "aws");
      for (const { stdout, stderr } of [byFlag, byEnvironment]) {
        expect(stderr).toContain("error: ");
        expect(stderr + stdout).not.toContain("geheim");
      }
    }
  });

  it("ends with status 3 for a database that cannot be reached, before anything is created", async () => {
    const workplace = aWorkplace();
    const { status, stdout, stderr } = await workplace.run(
      "run",
      "all",
      "--database-url",
      "postgres://me@127.0.0.1:1/db",
    );
    expect(stderr).toMatch(/^error: Cannot connect to the database 127\.0\.0\.1:1\/db .*\.\n$/);
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 3, stdout: "", files: [] });
  });

  it("tells the causes of an error with --verbose only", async () => {
    const workplace = aWorkplace();
    const args = ["run", "scenario-4", "--database-url", "postgres://me@127.0.0.1:1/db"];
    expect((await workplace.run(...args)).stderr).not.toContain("caused by");
    expect((await workplace.run("--verbose", ...args)).stderr).toMatch(/\n {2}caused by: .*ECONNREFUSED/);
    expect((await workplace.run(...args, "--verbose")).stderr).toMatch(/\n {2}caused by: .*ECONNREFUSED/);
  });

  it("names file and line of a template that breaks the contract", async () => {
    const workplace = aWorkplace();
    const file = workplace.write("toy.yaml", toyTemplate.replace("ConsumerFunction", "Consumer"));
    const { status, stdout, stderr } = await workplace.run("run", file);
    expect(stderr).toMatch(/^ {2}toy\.yaml, line 39: the output ConsumerFunction is missing: .*\.$/m);
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 2, stdout: "", files: ["toy.yaml"] });
  });

  it("names a resource that the local model does not model, with its line", async () => {
    const workplace = aWorkplace();
    const file = workplace.write("toy.yaml", toyTemplate.replace("AWS::SNS::Topic", "AWS::EC2::Instance"));
    const { status, stdout, stderr } = await workplace.run("run", file);
    expect(stderr).toMatch(/^error: toy has 7 faults:\n {2}toy\.yaml, line 2[45]: AWS::EC2::Instance/);
    expect(stderr).toMatch(/line 2[45]/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect((await workplace.run("report", "all")).stderr).toContain("no records");
  });

  it("says that it has to be built where it is not", () => {
    const workplace = aWorkplace();
    mkdirSync(join(workplace.directory, "bin"));
    const copy = join(workplace.directory, "bin/throttle-bench.mjs");
    copyFileSync(binary, copy);
    const { status, stdout, stderr } = spawnSync(process.execPath, [copy, "list"], { encoding: "utf8" });
    expect(stderr).toMatch(/^error: .*`npm run build`.*\.\n$/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});
