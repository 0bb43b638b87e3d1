/** Secrets that are planted in everything a user may hand over, and searched for in all that the tool says, keeps and starts. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { faultsBefore } from "../aws/faults.ts";
import { openDatabase, region, type TestDatabase } from "../aws/serving.ts";
import type { Ended } from "../cli/throttle-bench.ts";
import { tell } from "./figures.ts";
import { filesIn, leaksIn, type Secret } from "./leaks.ts";
import { aTool, type Begun, begin, processesLeftIn, type Tool } from "./tool.ts";

const secrets = {
  databasePassword: { name: "the database's password", value: 'pL4nt/Data+base&pass"w0rd=Zq81' },
  secretKey: { name: "AWS's secret key", value: "pL4ntSecret/Key+wJalrXUtnFEMI/K7MDENG80" },
  sessionToken: { name: "AWS's session token", value: "pL4ntSession//Token+IQoJb3JpZ2luX2VjEA55==" },
  setting: { name: "a NoEcho setting's value", value: "pL4ntNoEchoSetting-8f21c0aa-XYZ" },
  byDefault: { name: "a NoEcho default", value: "pL4ntNoEchoDefault-77be-PQR1" },
  token: { name: "a token in the environment", value: "ghp_pL4ntTokenInTheEnvironment42" },
  inConfiguration: { name: "a password in the configuration file", value: "pL4ntConfigurationPassword9931" },
  inOtherFile: { name: "a line of a file that was named by mistake", value: "pL4ntLineOfAnotherFile5150QQ" },
} satisfies Record<string, Secret>;

const planted: readonly Secret[] = Object.values(secrets);

let database: TestDatabase;
const role = `planted_${process.pid}`;

beforeAll(async () => {
  database = await openDatabase();
  await onServer(`create role ${role} superuser login password ${pg.escapeLiteral(secrets.databasePassword.value)}`);
});
afterAll(async () => {
  await onServer(`drop owned by ${role}`);
  await database?.close();
  await onServer(`drop role ${role}`, new URL("/postgres", database.url).href);
});

async function onServer(statement: string, url = database.url): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function urlWith(password: string, change: (url: URL) => void = () => {}): string {
  const url = new URL(database.url);
  url.username = role;
  url.password = encodeURIComponent(password);
  change(url);
  return url.href;
}

/** The processes that are there while the tool runs: their arguments, and the environment of all but the tool's own. */
function watchProcesses({ child }: Begun, seen: Map<string, string>): () => void {
  const look = () => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const isOurs = Number(pid) === child.pid;
        // Until a new process begins its program, it shows its parent's arguments and environment.
        if (!isOurs && (parent !== child.pid || command.includes("throttle-bench.js"))) continue;
        seen.set(`arguments of ${command.slice(0, 80)}`, command);
        if (!isOurs) seen.set(`environment of ${command.slice(0, 80)}`, readFileSync(`/proc/${pid}/environ`, "utf8"));
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const watch = setInterval(look, 20);
  return () => clearInterval(watch);
}

interface Said {
  texts: Map<string, string>;
  run(tool: Tool, ...args: string[]): Promise<Ended>;
}

/** Runs verbs, and keeps all that they say and start. */
function listening(): Said {
  const texts = new Map<string, string>();
  return {
    texts,
    async run(tool, ...args) {
      const begun = begin(tool, ...args, "--verbose");
      const stop = watchProcesses(begun, texts);
      const ended = await begun.ended;
      stop();
      texts.set(`stdout of ${args.join(" ")}`, ended.stdout);
      texts.set(`stderr of ${args.join(" ")}`, ended.stderr);
      return ended;
    },
  };
}

const templateOf = (text: string) =>
  text.replace(
    "\nParameters:\n",
    `\nParameters:\n  ApiKey: { Type: String, NoEcho: true }\n  Token: { Type: String, NoEcho: true, Default: ${secrets.byDefault.value} }\n`,
  );

/** Names each secret that is in any of the texts, with where. */
function leaks(texts: Map<string, string>, among = planted): string[] {
  return [...texts].flatMap(([where, text]) => leaksIn(text, among).map((leak) => `${leak} in ${where}`));
}

/** The user's own files hold what was planted in them. */
const plantedIn = ["mine.yaml", "throttle-bench.config.yaml", "credentials.txt", "secret.config.yaml"];
const filesOf = ({ directory }: Tool) => new Map([...filesIn(directory)].filter(([name]) => !plantedIn.includes(name)));

function aToolWith(environment: Record<string, string> = {}): Tool {
  const tool = aTool({
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: secrets.secretKey.value,
    AWS_SESSION_TOKEN: secrets.sessionToken.value,
    GITHUB_TOKEN: secrets.token.value,
    DATABASE_URL: urlWith(secrets.databasePassword.value),
    ...environment,
  });
  writeFileSync(join(tool.directory, "credentials.txt"), `token = ${secrets.inOtherFile.value}\n`);
  return tool;
}

const few = ["--events", "20"];

describe("planted secrets are found nowhere", () => {
  it("after local runs, their reports, and their failures", async () => {
    // No request with the planted keys leaves this machine.
    const tool = aToolWith({ AWS_ENDPOINT_URL: "http://127.0.0.1:1" });
    const { texts, run } = listening();
    const shown = await run(tool, "show", "scenario-5", "--template");
    writeFileSync(join(tool.directory, "mine.yaml"), templateOf(shown.stdout));
    const mine = ["./mine.yaml", "--set", `ApiKey=${secrets.setting.value}`];
    const verbs = [
      ["run", "scenario-5", ...few, "--run-id", "one", "--json"],
      ["run", "./mine.yaml", ...few, "--run-id", "unset"],
      ["show", "./mine.yaml"],
      ["show", "./mine.yaml", "--json"],
      ["list", "--json"],
      ["trace", "one", "5"],
      ["compare", "one", "one"],
      ["history", "scenario-5", "--json"],
      ["doctor", "--json"],
      ["report", "all", "--json"],
      ["report", "all", "--csv"],
      ["report", "all", "--junit"],
      ["report", "all", "--markdown"],
      ["report", "all", "--html", "report.html", "--svg", "pictures", "--png", "pictures", "--details"],
      ["sweep", "scenario-5", "--set", "WorkMs=0,100", "--events", "10", "--csv"],
      ["run", "scenario-5", ...few, "--config", "credentials.txt"],
      ["run", "credentials.txt", ...few],
      ["report", "./credentials.txt"],
      ["history", "credentials.txt"],
      ["run", "scenario-5", "--calibration", "./credentials.txt"],
      ["init", "--from", "credentials.txt"],
    ];
    for (const [number, words] of verbs.entries()) {
      const { status, stderr } = await run(tool, ...words);
      const isToWork = number < verbs.findIndex((each) => each.includes("credentials.txt"));
      // Its setting is missing, or its account.
      if (words.includes("./mine.yaml") || words.includes("doctor")) continue;
      expect({ words, stderr, isDone: status === 0 }).toEqual({ words, stderr, isDone: isToWork });
    }
    // The arguments of this one are the user's own.
    const ended = await begin(tool, "run", ...mine, ...few, "--run-id", "mine", "--verbose").ended;
    expect({ stderr: ended.stderr, status: ended.status }).toMatchObject({ status: 0 });
    texts.set("stdout of a run of mine.yaml", ended.stdout);
    texts.set("stderr of a run of mine.yaml", ended.stderr);
    await run(tool, "report", "all", "--json");
    await run(tool, "report", "all", "--html", "all.html");
    const left = await processesLeftIn(tool.directory);
    const files = filesOf(tool);
    const password = files.get(".throttle-bench/postgres/password")!;
    files.delete(".throttle-bench/postgres/password");
    const searched = new Map([...texts, ...files]);
    const ofServer = { name: "the embedded database's password", value: password };
    const found = [...leaks(searched), ...leaks(searched, [ofServer])];
    expect(found).toEqual([]);
    const tried = searched.size;
    const what = "texts, files and processes of local runs searched for planted secrets";
    tell({ what, tried, held: tried - found.length, left: left.length });
  });

  it("after runs on an account, one of them killed, and their failures", async () => {
    const tool = aToolWith();
    const { texts, run } = listening();
    // The arguments of a server are its user's own.
    const server = begin(
      tool,
      "serve",
      "--port",
      "0",
      "--speed",
      "max",
      "--database-url",
      tool.environment.DATABASE_URL!,
    );
    onTestFinished(() => void server.child.kill("SIGKILL"));
    const endpoint = await endpointOf(server);
    const faults = await faultsBefore(endpoint);
    onTestFinished(() => faults.close());
    Object.assign(tool.environment, { AWS_ENDPOINT_URL: faults.endpoint, THROTTLE_BENCH_TARGET: "aws" });
    const shown = await run(tool, "show", "scenario-5", "--template");
    writeFileSync(join(tool.directory, "mine.yaml"), templateOf(shown.stdout));
    const configuration = `run:\n  databaseUrl: ${urlWith(secrets.inConfiguration.value)}\n`;
    writeFileSync(join(tool.directory, "secret.config.yaml"), configuration);
    const mine = ["run", "./mine.yaml", "--set", `ApiKey=${secrets.setting.value}`, ...few];
    const quietly = async (...args: string[]) => {
      const ended = await begin(tool, ...args, "--verbose").ended;
      const shownArgs = args.join(" ").replace(secrets.setting.value, "…");
      texts.set(`stdout of ${shownArgs}`, ended.stdout);
      texts.set(`stderr of ${shownArgs}`, ended.stderr);
    };
    await run(tool, "run", "scenario-5", ...few, "--run-id", "one", "--json");
    await quietly(...mine, "--run-id", "mine", "--keep", "--json");
    for (const { name, answer } of await answersOf(endpoint)) texts.set(`serve's answer to ${name}`, answer);
    faults.rule = (operation) =>
      operation === "Invoke" ? { error: "AccessDenied", message: "no", status: 403 } : undefined;
    await quietly(...mine, "--run-id", "denied");
    faults.rule = (operation) => (operation === "CreateStack" ? { page: "<html>no</html>", status: 403 } : undefined);
    await quietly(...mine, "--run-id", "page");
    faults.rule = () => undefined;
    const killed = begin(tool, ...mine, "--run-id", "killed");
    await until(
      () =>
        faults.operations.filter((each) => each === "CreateStack").length > 4 || killed.said.stderr.includes("CREATE_"),
    );
    killed.child.kill("SIGKILL");
    await killed.ended;
    const badDatabases = [
      urlWith(secrets.inConfiguration.value),
      urlWith(secrets.databasePassword.value, (url) => (url.port = "1")),
      `postgresql://${role}:${secrets.databasePassword.value}@127.0.0.1:x/db`,
      `mysql://${role}:${secrets.inConfiguration.value}@127.0.0.1/db`,
    ];
    for (const DATABASE_URL of badDatabases) {
      await run({ ...tool, environment: { ...tool.environment, DATABASE_URL } }, "run", "scenario-5", ...few);
    }
    const verbs = [
      ["resume"],
      ["resume", "killed"],
      ["resume", "killed", "--drop"],
      ["clean", "--json"],
      ["clean", "mine", "--yes"],
      ["clean", "killed", "--yes"],
      ["doctor", "--target", "aws", "--json"],
      ["report", "all", "--json"],
      ["report", "all", "--html", "report.html", "--svg", "pictures", "--details"],
      ["report", "all", "--refresh"],
      [
        "nightly",
        "scenario-5",
        "--target",
        "local",
        "--repeat",
        "2",
        "--events",
        "20",
        "--config",
        "secret.config.yaml",
      ],
      ["nightly", "scenario-5", "--target", "local", "--repeat", "2", "--events", "20", "--config", "credentials.txt"],
      ["compare", "one", "one", "--config", "secret.config.yaml"],
    ];
    for (const words of verbs) await run(tool, ...words);
    server.child.kill("SIGTERM");
    const { stdout, stderr } = await server.ended;
    texts.set("stdout of serve", stdout).set("stderr of serve", stderr);
    const left = await processesLeftIn(tool.directory);
    const searched = new Map([...texts, ...filesOf(tool)]);
    const found = leaks(searched);
    expect(found).toEqual([]);
    const tried = searched.size;
    const what = "texts, files, processes and answers of runs on an account searched for planted secrets";
    tell({ what, tried, held: tried - found.length, left: left.length });
  });
});

/** The address that a started server prints. */
async function endpointOf(server: Begun): Promise<string> {
  const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(server.said.stdout + server.said.stderr)?.[0];
  await until(() => address() !== undefined || server.child.exitCode !== null);
  return address() ?? expect.fail(server.said.stderr);
}

async function until(hasCome: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !hasCome() && Date.now() < deadline; ) await pause(5);
}

/** The answers of a server about its stacks. AWS tells a function's environment and a template's defaults, too. */
async function answersOf(endpoint: string): Promise<{ name: string; answer: string }[]> {
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const client = new CloudFormationClient({ region, endpoint, credentials });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const [{ StackName } = expect.fail("no stack")] = Stacks;
  const commands = [
    new DescribeStacksCommand({ StackName }),
    new DescribeStackEventsCommand({ StackName }),
    new DescribeStackResourcesCommand({ StackName }),
  ];
  const answers = await Promise.all(
    commands.map(async (command) => ({
      name: command.constructor.name,
      answer: await client.send(command as DescribeStacksCommand).then(JSON.stringify, (refusal) => String(refusal)),
    })),
  );
  client.destroy();
  return answers;
}
