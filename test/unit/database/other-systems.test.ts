/** The embedded Postgres on systems that the tests do not run on: what Windows, macOS and Alpine answer is given here as they document it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { belongsOnlyTo } from "../../../src/database/account.ts";
import { makeDraft, removeLeftDrafts, renameUnlessThere } from "../../../src/database/drafts.ts";
import { explainStart } from "../../../src/database/glibc.ts";
import { isRunning, type Processes, parsePostmaster } from "../../../src/database/postmaster.ts";

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "other-systems-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function refused(code: string) {
  return () => Promise.reject(Object.assign(new Error(code), { code }));
}

describe("the number of a server that is gone may be another process's", () => {
  const mac = "/Users/me/a bench/.throttle-bench/postgres/data";
  const windows = "C:/Users/me/bench/.throttle-bench/postgres/data";
  const said = (output: string): Processes => ({ cmdline: async () => "", output: async () => output });
  const server = (data: string) => parsePostmaster(`412\n${data}\n1764200000\n54321\n\n127.0.0.1\n\nready\n`);

  it.each<[what: string, platform: NodeJS.Platform, data: string, answer: string, running: boolean]>([
    ["the server, on macOS", "darwin", mac, `/x/bin/postgres -D ${mac} -p 54321 -c fsync=off\n`, true],
    ["another process, on macOS", "darwin", mac, "/usr/sbin/cupsd -l\n", false],
    ["the server of a directory of a longer name", "darwin", mac, `/x/bin/postgres -D ${mac}-2 -p 1\n`, false],
    ["nobody, on macOS", "darwin", mac, "", false],
    ["the server, on Windows", "win32", windows, '"postgres.exe","412","Console","1","21,004 K"\r\n', true],
    ["another process, on Windows", "win32", windows, '"notepad.exe","412","Console","1","14,204 K"\r\n', false],
    ["nobody, on a German Windows", "win32", windows, "INFORMATION: Es werden keine Aufgaben ausgeführt\r\n", false],
  ])("it is %s", async (_what, platform, data, answer, running) => {
    expect(await isRunning(server(data), platform, said(answer))).toBe(running);
  });

  it("asks the system for that one number", async () => {
    const asked: string[] = [];
    const processes: Processes = {
      cmdline: async () => "",
      output: async (program, args) => {
        asked.push([program, ...args].join(" "));
        return "";
      },
    };
    await isRunning(server(mac), "darwin", processes);
    await isRunning(server(windows), "win32", processes);
    expect(asked).toEqual(["ps -ww -o command= -p 412", "tasklist /FI PID eq 412 /FO CSV /NH"]);
  });
});

it("removes a draft of a number that another process has had for long, and none that is being made", async () => {
  const place = join(aDirectory(), "postgres");
  const host = hostname().replace(/[^\w-]/g, "_");
  const old = `${place}.${host}.${process.ppid}.AbC123`;
  mkdirSync(old);
  const hoursAgo = Date.now() / 1_000 - 2 * 3_600;
  utimesSync(old, hoursAgo, hoursAgo);
  const made = await makeDraft(place);
  await removeLeftDrafts(place);
  expect(readdirSync(join(place, "..")).map((name) => join(place, "..", name))).toEqual([made]);
});

describe("a directory of our own", () => {
  const directory = (uid: number, mode: number, isDirectory = true) => ({ uid, mode, isDirectory: () => isDirectory });

  it("is any on Windows, which has no numbers of owners and gives every right", () => {
    expect(belongsOnlyTo(undefined, directory(0, 0o40777))).toBe(true);
    expect(belongsOnlyTo(undefined, directory(0, 0o100666, false))).toBe(false);
  });

  it("is elsewhere one that nobody else may write to", () => {
    expect(belongsOnlyTo(501, directory(501, 0o40755))).toBe(true);
    expect(belongsOnlyTo(501, directory(501, 0o40777))).toBe(false);
    expect(belongsOnlyTo(501, directory(0, 0o40755))).toBe(false);
  });
});

describe("a draft that gets its name after another's", () => {
  it.each(["ENOTEMPTY", "EEXIST"])("stays a draft by %s, as Linux and macOS say", async (code) => {
    await renameUnlessThere("draft", "place", { move: refused(code), isThere: () => true });
  });

  it("stays a draft by EPERM on Windows, unless the name is free", async () => {
    await renameUnlessThere("draft", "place", { move: refused("EPERM"), isThere: () => true });
    const unnamed = renameUnlessThere("draft", "place", { move: refused("EPERM"), isThere: () => false });
    await expect(unnamed).rejects.toMatchObject({ code: "EPERM" });
  });
});

it("says of Alpine that it lacks glibc, and what to do", () => {
  const cause = Object.assign(new Error("spawn /x/initdb ENOENT"), { code: "ENOENT" });
  expect(explainStart("/x/initdb", cause, () => true)).toMatchObject({
    code: "database-failed",
    message: expect.stringMatching(
      /made for glibc, which this system \(Alpine, .*: give --database-url, or use an image/,
    ),
  });
  expect(explainStart("/x/initdb", cause, () => false)).toBe(cause);
});
