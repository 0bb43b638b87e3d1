/** `throttle-bench clean` as a person types it, against `serve` over HTTP. */
import { execFile, spawnSync } from "node:child_process";
import { CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { aWorkplace, binary } from "../cli/throttle-bench.ts";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;
let served: Serving;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  served = await serving(database.url);
  onTestFinished(() => served.close());
});

const queue = "Resources: { Q: { Type: AWS::SQS::Queue } }";
const hourMs = 3_600_000;

interface Stack {
  name: string;
  tags?: Record<string, string>;
  template?: string;
  protection?: boolean;
}

async function create({ name: StackName, tags = {}, template: TemplateBody = queue, protection }: Stack) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const EnableTerminationProtection = protection;
  const command = new CreateStackCommand({ StackName, TemplateBody, Tags, EnableTerminationProtection });
  await served.cloudFormation.send(command);
  await served.sleep(60_000);
}

/** Makes the stack of a run, which expires in some hours; with a negative number it has expired. */
async function createRun(runId: string, hours: number, further: Partial<Stack> = {}) {
  const expires = new Date((await served.now()) + hours * hourMs).toISOString();
  const tags = { "throttle-bench": "run", "throttle-bench:run-id": runId, "throttle-bench:expires": expires };
  await create({ name: `throttle-bench-${runId}`, tags, ...further });
}

async function stackNames(): Promise<string[]> {
  const { Stacks } = await served.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks!.map(({ StackName }) => StackName!).sort();
}

interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

/** `serve` is in this process, so the program is not waited for in place. */
function execute(program: string, ...args: string[]): Promise<Outcome> {
  const { directory } = aWorkplace();
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_REGION: region,
    AWS_ENDPOINT_URL: served.endpoint,
    THROTTLE_BENCH_CLOCK: served.clockUrl,
  };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: directory, env }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Runs `clean` without a terminal. */
function clean(...args: string[]): Promise<Outcome> {
  return execute(process.execPath, binary, "clean", ...args);
}

/** Gives a program a terminal, types the answer when it is asked, and ends as it does. */
const typist = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown, answered = b"", False
while True:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    if not answered and b"[y/N]" in shown:
        os.write(terminal, (sys.argv[1] + "\\n").encode())
        answered = True
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status))
`;
const hasTerminals = spawnSync("python3", ["-c", "import pty"]).status === 0;

it("says that there is nothing", async () => {
  await create({ name: "shop" });
  expect(await clean("--yes")).toEqual({
    status: 0,
    stdout: `No stack of throttle-bench is in account 123456789012, region ${region}.\n`,
    stderr: "",
  });
  expect(await stackNames()).toEqual(["shop"]);
});

it("only lists where there is nobody to ask, and not what is somebody else's", async () => {
  await createRun("old", -1);
  await create({ name: "shop" });
  const { status, stdout, stderr } = await clean();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "Nothing was removed; --yes removes.\n" });
  expect(stdout).toMatch(/throttle-bench-old\n {4}run old, CREATE_COMPLETE, \d+ min old, 1 resources, .*expired/);
  expect(stdout).not.toContain("shop");
  expect(await stackNames()).toEqual(["shop", "throttle-bench-old"]);
});

it("removes with --yes what has expired, and lets stay what a run may need, until it is named", async () => {
  await createRun("old", -1);
  await createRun("new", 30);
  const { status, stderr } = await clean("--yes");
  expect(status).toBe(0);
  expect(stderr).toMatch(/throttle-bench-new stays, because a run may need it until 20.*; name it/);
  expect(await stackNames()).toEqual(["throttle-bench-new"]);
  // A run's id names its stack, too.
  expect(await clean("new", "--yes")).toMatchObject({ status: 0, stderr: "throttle-bench-new was removed.\n" });
  expect(await stackNames()).toEqual([]);
});

it("goes by age with --older-than, and by the tag with --expired", async () => {
  await createRun("older", 300);
  await createRun("expired", -1);
  await served.sleep(26 * hourMs);
  await createRun("newer", -1);
  expect(await clean("--older-than", "1d", "--expired", "--yes")).toMatchObject({ status: 0 });
  expect(await stackNames()).toEqual(["throttle-bench-newer", "throttle-bench-older"]);
  expect(await clean("--older-than", "1d", "--yes")).toMatchObject({ status: 0 });
  expect(await stackNames()).toEqual(["throttle-bench-newer"]);
});

describe("--expired, for cron", () => {
  const nothing = { status: 0, stdout: "", stderr: "" };

  it("says nothing where nothing has expired, and lets a run that goes on be", async () => {
    expect(await clean("--expired")).toEqual(nothing);
    await createRun("alive", 1);
    await create({ name: "throttle-bench-database", tags: { "throttle-bench": "database" } });
    await create({ name: "throttle-bench-untold", tags: { "throttle-bench": "run" } });
    expect(await clean("--expired")).toEqual(nothing);
    expect(await clean("--expired", "--json")).toEqual({ ...nothing, stdout: "[]\n" });
    expect(await stackNames()).toEqual(["throttle-bench-alive", "throttle-bench-database", "throttle-bench-untold"]);
  });

  it("removes what has expired, asks nobody, and names it", async () => {
    await createRun("old", -1);
    await createRun("alive", 1);
    expect(await clean("--expired")).toEqual({ ...nothing, stderr: "throttle-bench-old was removed.\n" });
    expect(await stackNames()).toEqual(["throttle-bench-alive"]);
    await served.sleep(2 * hourMs);
    const { status, stdout } = await clean("--expired", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ runId: "alive", expired: true, outcome: "removed" }]);
    expect(await clean("--expired")).toEqual(nothing);
  });

  it("ends with 3 where something stays, and says it again the next night", async () => {
    await createRun("kept", -1, { protection: true });
    await createRun("old", -1);
    for (const removed of [true, false]) {
      const { status, stdout, stderr } = await clean("--expired");
      expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
      expect(stderr).toMatch(/throttle-bench-kept is left .*TerminationProtection is enabled/);
      expect(stderr.includes("throttle-bench-old was removed.")).toBe(removed);
    }
  });

  it("does no harm where several clean at once", async () => {
    for (const runId of ["one", "two", "three"]) await createRun(runId, -1);
    const ended = await Promise.all([1, 2, 3].map(() => clean("--expired")));
    expect(ended.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(await stackNames()).toEqual([]);
  });
});

it("lists the database's stack, and removes it by its name only", async () => {
  await create({ name: "throttle-bench-database", tags: { "throttle-bench": "database" } });
  const { stdout } = await clean("--yes", "--older-than", "0m");
  expect(stdout).toMatch(/throttle-bench-database\n {4}database, .*only when it is named, with its rows/);
  expect(await stackNames()).toEqual(["throttle-bench-database"]);
  expect(await clean("throttle-bench-database", "--yes")).toMatchObject({ status: 0 });
  expect(await stackNames()).toEqual([]);
});

it("prints JSON alone on stdout", async () => {
  await createRun("old", -1);
  const { status, stdout } = await clean("--json", "--yes");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    {
      name: "throttle-bench-old",
      kind: "run",
      runId: "old",
      owner: null,
      status: "CREATE_COMPLETE",
      createdAt: expect.stringMatching(/Z$/),
      ageMs: expect.any(Number),
      expires: expect.stringMatching(/Z$/),
      expired: true,
      resources: 1,
      idleDollarsPerDay: 0,
      outcome: "removed",
      reason: null,
    },
  ]);
});

describe("what cannot be removed", () => {
  it("is named with AWS's reason and the command, and the others go", async () => {
    await createRun("kept", -1, { protection: true });
    await createRun("old", -1);
    const { status, stderr } = await clean("--yes");
    expect(status).toBe(3);
    expect(stderr).toMatch(/throttle-bench-kept is left .*TerminationProtection is enabled/);
    expect(stderr).toContain("aws cloudformation delete-stack --stack-name throttle-bench-kept");
    expect(await stackNames()).toEqual(["throttle-bench-kept"]);
  });
});

it.each([
  ["somebody else's stack", ["shop"], /shop was not made by throttle-bench, and was left as it is/],
  ["a stack that is not there", ["nothing"], /There is no stack nothing in us-east-1/],
  ["an age that is none", ["--older-than", "soon"], /--older-than "soon" is no age; give one such as 12h or 30d/],
])("refuses %s, with nothing touched", async (_what, args, message) => {
  await create({ name: "shop" });
  await createRun("old", -1);
  const { status, stderr } = await clean("old", ...args, "--yes");
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
  expect(await stackNames()).toEqual(["shop", "throttle-bench-old"]);
});

describe.skipIf(!hasTerminals)("on a terminal", () => {
  const cleanAnswering = (answer: string) =>
    execute("python3", "-c", typist, answer, process.execPath, binary, "clean");

  it("asks, says which may belong to a run in progress, and removes what is agreed to", async () => {
    await createRun("old", -1);
    await createRun("new", 30);
    const { status, stdout } = await cleanAnswering("y");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/1 of them may belong to a run in/),
    });
    expect(await stackNames()).toEqual([]);
  });

  it("removes nothing on any other answer", async () => {
    await createRun("old", -1);
    const { status, stdout } = await cleanAnswering("no");
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("Nothing was removed, as you") });
    expect(await stackNames()).toEqual(["throttle-bench-old"]);
  });
});
