/** The profiles of accounts on disk. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccountProfile } from "../../../src/model.ts";
import { loadProfile, saveProfile } from "../../../src/records/profile.ts";
import { aProfile } from "./a-profile.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "profiles-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const constant = aProfile().constants["mapping.overheadMs"]!;

async function refusalOf(what: string): Promise<string> {
  return loadProfile(what, directory).then(
    () => {
      throw new Error("it was taken");
    },
    (error) => {
      expect(error).toMatchObject({ code: "bad-usage", exitStatus: 2 });
      return error.message;
    },
  );
}

describe("a profile on disk", () => {
  it("is read back as it was written, by its path, its name and a part of that", async () => {
    const path = join(directory, "123456789012-eu-west-1.json");
    await saveProfile(aProfile(), path);
    for (const what of [path, "123456789012-eu-west-1", "eu-west-1", "123456"]) {
      expect(await loadProfile(what, directory)).toEqual(aProfile());
    }
    expect(await readdir(directory)).toEqual(["123456789012-eu-west-1.json"]);
  });

  it("is not guessed at: a part that several have, or none", async () => {
    for (const name of ["1-eu-west-1", "2-eu-west-1", "2-eu-west-12"]) {
      await saveProfile(aProfile({ name }), join(directory, `${name}.json`));
    }
    expect(await refusalOf("eu-west-1")).toMatch(
      /in the names of 3 profiles \(1-eu-west-1, 2-eu-west-1, 2-eu-west-12\)/,
    );
    expect(await loadProfile("2-eu-west-1", directory)).toMatchObject({ name: "2-eu-west-1" });
    expect(await refusalOf("us-east-1")).toMatch(/No profile is called "us-east-1": there are 1-eu-west-1, /);
    await rm(directory, { recursive: true });
    expect(await refusalOf("us-east-1")).toMatch(/there is none in .*`calibrate`/);
  });

  it.each<[what: string, profile: object, problem: RegExp]>([
    ["another version", { ...aProfile(), profileVersion: 2 }, /profileVersion/],
    ["an unknown key", { ...aProfile(), password: "x" }, /password/],
    ["a value outside its interval", aProfile({ constants: { x: { ...constant, value: 1 } } }), /outside its interval/],
    [
      "a negative value",
      aProfile({ constants: { x: { ...constant, value: -1, interval: [-2, 1] } } }),
      /constants\.x\.value/,
    ],
    ["a name that leads out of a directory", aProfile({ name: "../x" }), /name: must be usable as a file name/],
    ["an unknown platform", { ...aProfile(), platform: "2019" } as unknown as AccountProfile, /platform/],
  ])("is refused with %s", async (_what, profile, problem) => {
    await writeFile(join(directory, "odd.json"), JSON.stringify(profile));
    expect(await refusalOf("odd")).toMatch(problem);
  });

  it("is refused when it is no JSON, and when it is not there", async () => {
    await writeFile(join(directory, "half.json"), '{"profileVersion": 1');
    expect(await refusalOf("half")).toMatch(/cannot be read as a profile/);
    expect(await refusalOf("./gone.json")).toMatch(/gone\.json cannot be read as a profile .*`calibrate`/);
  });

  it("says where it could not be written, and that the probes are not lost", async () => {
    await writeFile(join(directory, "file"), "");
    await expect(saveProfile(aProfile(), join(directory, "file", "x.json"))).rejects.toMatchObject({
      code: "target-failed",
      message: expect.stringMatching(/another --out: the probes' records are reused/),
    });
  });
});
