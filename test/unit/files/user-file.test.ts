/** Whatever is no file of a bearable size is refused at once, with one clause that says why. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfiguration } from "../../../src/cli/flags/configuration.ts";
import { readParameters } from "../../../src/cli/flags/parameters.ts";
import { readQuestionFile } from "../../../src/cli/flags/question-file.ts";
import { readSource } from "../../../src/cli/running/system-source.ts";
import { BenchError } from "../../../src/errors.ts";
import { mostBytesOfText, readUserFile, readUserText, UnreadableFile } from "../../../src/files/user-file.ts";
import { JournalStore } from "../../../src/records/journal.ts";
import { readPrices } from "../../../src/records/prices.ts";
import { loadProfile } from "../../../src/records/profile.ts";
import { RecordStore } from "../../../src/records/store.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";

const root = mkdtempSync(join(tmpdir(), "user-file-"));
const at = (name: string) => join(root, name);
const server = createServer();

beforeAll(async () => {
  execFileSync("mkfifo", [at("pipe.yaml")]);
  mkdirSync(at("directory.yaml"));
  symlinkSync(at("circle.yaml"), at("circle.yaml"));
  symlinkSync(at("nowhere.yaml"), at("dangling.yaml"));
  symlinkSync("/dev/zero", at("device.yaml"));
  writeFileSync(at("large.yaml"), "");
  truncateSync(at("large.yaml"), 8e9);
  server.listen(at("socket.yaml"));
  await once(server, "listening");
});

afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

const special: [name: string, why: RegExp][] = [
  ["pipe.yaml", /it is no file but a named pipe/],
  ["directory.yaml", /it is a directory/],
  ["circle.yaml", /its links lead in a circle/],
  ["dangling.yaml", /there is no such file/],
  ["device.yaml", /it is no file but a device/],
  ["socket.yaml", /it is no file but a socket/],
  ["large.yaml", /it has more than the \d+ MB that are read/],
  ["a\0.yaml", /its name has a NUL in it/],
  [`${"a".repeat(300)}.yaml`, /its name is too long/],
];

/** All that reads a file which a user names. */
const readers: Record<string, (path: string) => unknown> = {
  "a scenario": findScenario,
  "the configuration": readConfiguration,
  "a question": (path) => readQuestionFile(path, {}),
  parameters: (path) => readParameters([`file://${path}`]),
  "a profile": (path) => loadProfile(path, root),
  prices: readPrices,
  "a record": (path) => new RecordStore(root).load(path.replace(/\.yaml$/, ".json")),
};

describe.each(special)("%j", (name, why) => {
  it("is refused at once", () => {
    expect(() => readUserFile(at(name), 1e6)).toThrow(expect.objectContaining({ message: expect.stringMatching(why) }));
    expect(() => readUserFile(at(name), 1e6)).toThrow(UnreadableFile);
  });
});

it.each(Object.keys(readers))("is never waited for, or read without end, as %s", async (reader) => {
  for (const [name] of special) {
    if (reader === "a record") {
      rmSync(at("records"), { recursive: true, force: true });
      if (/^(large|a)/.test(name)) continue;
      symlinkSync(at(name), at(name.replace(/yaml$/, "json")));
    }
    const error = await (async () => readers[reader]!(at(name)))().catch((failure: unknown) => failure);
    expect(error, name).toBeInstanceOf(BenchError);
    expect((error as BenchError).exitStatus, name).toBe(2);
    expect((error as BenchError).message, name).toMatch(/^[^\n\0]+\.$/);
  }
});

it("lists a journal's directory with special files in it, and refuses each by its name", async () => {
  mkdirSync(at("journals"));
  execFileSync("mkfifo", [at("journals/one.jsonl")]);
  const store = new JournalStore(at("journals"));
  expect(await store.list()).toEqual(["one"]);
  await expect(store.load("one")).rejects.toThrow(/one\.jsonl cannot be read \(it is no file but a named pipe\)/);
});

it("lists records beside special files, and names these", async () => {
  mkdirSync(at("runs"));
  execFileSync("mkfifo", [at("runs/pipe.json")]);
  symlinkSync("/dev/zero", at("runs/zero.json"));
  mkdirSync(at("runs/directory.json"));
  const { records, problems } = await new RecordStore(at("runs")).list();
  expect(records).toEqual([]);
  expect(problems.map(({ problem }) => problem)).toEqual([
    expect.stringContaining("it is a directory"),
    expect.stringContaining("it is no file but a named pipe"),
    expect.stringContaining("it is no file but a device"),
  ]);
});

it("refuses a template of a user's system that is no file, and one of gigabytes", () => {
  for (const name of ["pipe.yaml", "device.yaml", "large.yaml", "socket.yaml"]) {
    expect(() => readSource(at(name))).toThrow(/cannot be read \(it .*\); check the path\.$/);
  }
});

it("stops at a bound although the file grows while it is read", async () => {
  const child = spawn("sh", ["-c", `while :; do head -c 1000000 /dev/zero; done >> ${at("growing")}`], {
    detached: true,
  });
  try {
    const reading = () => readUserFile(at("growing"), mostBytesOfText);
    await vi.waitFor(() => expect(reading).toThrow(/more than the 4 MB/), { timeout: 20_000 });
  } finally {
    process.kill(-child.pid!, "SIGKILL");
  }
});

it("reads a file to its end, without the mark of its encoding", () => {
  const text = "a: 1\n".repeat(50_000);
  writeFileSync(at("text"), `\u{feff}${text}`);
  expect(readUserText(at("text"), mostBytesOfText)).toBe(text);
  // The system tells no size of this one.
  expect(readUserText("/proc/self/status", mostBytesOfText)).toContain("Pid:");
});

describe("a file that was named by mistake", () => {
  const secrets: [what: string, text: string][] = [
    ["an environment", "AWS_SECRET_ACCESS_KEY=hunter2hunter2\nOTHER: 'hunter2\n"],
    ["a list of passwords", "root:$6$hunter2$hunter2:19000:0:99999:7:::\nme:!hunter2:1:\n"],
    ["a key", "-----BEGIN PRIVATE KEY-----\nhunter2hunter2==\n-----END PRIVATE KEY-----\n"],
    ["a map of secrets", "hunter2: hunter2\nstringData: { hunter2: hunter2 }\n"],
    ["JSON", '{"hunter2": "hunter2", "assume": {"a": ["hunter2"]}}'],
    ["JSON that is cut off", '{"hunter2": "hunter2'],
    ["tags and aliases", "!hunter2 hunter2: *hunter2\n"],
  ];
  const asConfiguration = ["the configuration", "a question", "parameters", "prices", "a profile"];

  it.each(secrets)("is not quoted: %s", async (_what, text) => {
    writeFileSync(at("secret.yaml"), text);
    for (const reader of asConfiguration) {
      const error = await (async () => readers[reader]!(at("secret.yaml")))().catch((failure: unknown) => failure);
      const quoted = [];
      for (let cause = error; cause instanceof Error; cause = cause.cause) quoted.push(cause.message);
      if (reader === "parameters" && !(error instanceof Error)) continue;
      expect(error, reader).toBeInstanceOf(BenchError);
      expect(quoted.join("\n"), reader).not.toContain("hunter2");
    }
  });
});
