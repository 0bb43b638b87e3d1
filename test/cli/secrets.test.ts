/** A template's NoEcho parameter, its default and the value that is given, are shown and stored nowhere. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { shownNames, templateOf } from "./secret-template.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

const asDefault = "hunter2-by-default";
const asGiven = "hunter2-as-given";
const asAllowed = "hunter2-as-allowed";

let template: string;

beforeAll(async () => {
  template = await templateOf({ asDefault, allowed: [asDefault, asGiven, asAllowed] });
});

function textsBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? textsBelow(path) : [readFileSync(path, "latin1")];
  });
}

describe("a secret", () => {
  it("is in no table, page, record, report, trace, error or file", async () => {
    const workplace = aWorkplace();
    const mine = workplace.write("mine.yaml", template);
    const database = await onDatabase();
    const given = ["--set", `Secret=${asGiven}`];
    const run = ["run", mine, "--events", "5", "--run-id", "one"];
    const calls = [
      ["show", mine],
      ["show", mine, "--json"],
      [...run, ...given, ...database, "--details"],
      ["run", mine, "--events", "5", "--run-id", "two", "--json", ...database],
      ["run", mine, "--events", "5", "--set", "Secret=hunter2-out-of-bounds"],
      ["run", mine, "--events", "5", "--set", "WorkMs=hunter2", ...given],
      ["sweep", mine, "--set", `Secret=${asGiven},${asDefault}`],
      ["report", "one", "--details"],
      ["report", "one", "--json"],
      ["report", "one", "--markdown"],
      ["report", "one", "--junit"],
      ["report", "one", "--csv"],
      ["report", "one", "--html", "out/one.html"],
      ["history", "mine"],
      ["explore", mine, "--out", "out/page.html"],
      ["compare", "one", "two"],
      ["trace", "one"],
      ["resume", "one"],
    ];
    const said = [];
    for (const call of calls) said.push({ call, ...(await workplace.run(...call)) });
    const [asPage, asFacts, first, second, outOfBounds, , swept] = said;
    expect(asPage!.stdout).toContain("Secret = **** (****)");
    expect(JSON.parse(asFacts!.stdout).settings).toContainEqual(
      expect.objectContaining({ name: "Secret", default: "****", allowedValues: ["****"] }),
    );
    expect([first!.status, second!.status]).toEqual([0, 0]);
    expect(outOfBounds!.stderr).toMatch(/--set Secret=\*\*\*\* is out of bounds; mine takes \*\*\*\*\./);
    expect(swept).toMatchObject({ status: 2, stderr: expect.stringContaining("Secret is a secret (NoEcho)") });
    const leaks = said.filter(({ stdout, stderr }) => /hunter2-/.test(stdout + stderr)).map(({ call }) => call);
    expect(leaks).toEqual([]);
    const files = readdirSync(workplace.directory).filter((name) => name !== mine);
    expect(files.sort()).toEqual([".throttle-bench", "out"]);
    const texts = files.flatMap((name) => textsBelow(join(workplace.directory, name)));
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.filter((text) => text.includes("hunter2-"))).toEqual([]);
  });

  it("is not in what is lifted from a template of one's own, and decides its conditions all the same", async () => {
    const workplace = aWorkplace();
    const file = workplace.write("theirs.yaml", shownNames({ asDefault }));
    for (const args of [
      ["show", file],
      ["show", file, "--parameters", `Size=${asGiven}`],
      ["init", "--from", file, "--out", "lifted.yaml"],
    ]) {
      const { stdout, stderr } = await workplace.run(...args);
      expect(stdout + stderr).not.toContain("hunter2-");
    }
    expect(readFileSync(join(workplace.directory, "lifted.yaml"), "utf8")).not.toContain("hunter2-");
    expect((await workplace.run("show", file)).stdout).toContain("VisibilityTimeout = 77");
  });
});
