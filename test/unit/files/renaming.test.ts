/** A rename over a file that is open elsewhere, which Windows refuses for a moment. */
import { expect, it } from "vitest";
import { renameOver } from "../../../src/files/renaming.ts";

/** Refuses so many times. */
function busy(times: number, code: string) {
  let asked = 0;
  const move = async () => {
    if (++asked <= times) throw Object.assign(new Error(code), { code });
  };
  return { move, asked: () => asked };
}

it.each(["EPERM", "EACCES", "EBUSY"])("is tried again on Windows after %s", async (code) => {
  const { move, asked } = busy(3, code);
  await renameOver("from", "to", { platform: "win32", move });
  expect(asked()).toBe(4);
});

it("is refused at once elsewhere, and on Windows where it cannot be", async () => {
  const elsewhere = busy(1, "EPERM");
  await expect(renameOver("from", "to", { platform: "darwin", move: elsewhere.move })).rejects.toThrow("EPERM");
  expect(elsewhere.asked()).toBe(1);
  const missing = busy(1, "ENOENT");
  await expect(renameOver("from", "to", { platform: "win32", move: missing.move })).rejects.toThrow("ENOENT");
});
