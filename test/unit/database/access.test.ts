/** Functions get the database's URL: the files that it names travel with them, and everything else stays as it is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { functionAccess } from "../../../src/database/access.ts";

function aFile(name: string, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

const vpc = { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] };

it("passes on a URL without files to the letter, with its network", async () => {
  const url = "postgres://me:p%40ss@db.example:5433/bench?sslmode=verify-full";
  expect(await functionAccess(url, vpc)).toEqual({ url, files: {}, vpc });
  expect(await functionAccess("", null)).toEqual({ url: "", files: {}, vpc: null });
});

it("sends the certificates and the key along, and names them where Lambda unpacks the code", async () => {
  const authority = aFile("my ca.pem", "authority");
  const key = aFile("key.pem", "key");
  const url = new URL("postgresql://me:secret@db.example/bench?sslmode=verify-full");
  url.searchParams.set("sslrootcert", authority);
  url.searchParams.set("sslkey", key);
  const access = await functionAccess(url.href, null);
  const { searchParams, password } = new URL(access.url);
  expect(Object.fromEntries(searchParams)).toEqual({
    sslmode: "verify-full",
    sslrootcert: "/var/task/database-ca.pem",
    sslkey: "/var/task/database-client.key",
  });
  expect(password).toBe("secret");
  const texts = Object.entries(access.files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]);
  expect(texts).toEqual([
    ["database-ca.pem", "authority"],
    ["database-client.key", "key"],
  ]);
});

it("refuses a file that is not there, and keeps the password out of the sentence", async () => {
  await expect(
    functionAccess("postgresql://me:secret@db.example/bench?sslrootcert=/nowhere/ca.pem", null),
  ).rejects.toThrow(
    expect.objectContaining({
      code: "bad-usage",
      message: expect.stringMatching(/^The database URL's sslrootcert \/nowhere\/ca\.pem cannot be read \(/),
    }),
  );
  await expect(
    functionAccess("postgresql://me:secret@db.example/bench?sslrootcert=/nowhere", null).catch(
      ({ message }) => message,
    ),
  ).resolves.not.toContain("secret");
});
