/** Renames a file over another one that somebody may be reading. */
import { rename } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** Windows refuses to rename over a file that somebody reads at the moment, such as a virus scanner, and lets it soon after. */
const busyOnWindows = ["EPERM", "EACCES", "EBUSY"];
const pausesMs = [10, 30, 100, 300, 1_000];

/** Renames, and on Windows tries again for a second and a half. Rejects with the system's last refusal. */
export async function renameOver(
  from: string,
  to: string,
  { platform = process.platform, move = rename }: { platform?: NodeJS.Platform; move?: typeof rename } = {},
): Promise<void> {
  for (const pauseMs of pausesMs) {
    try {
      return await move(from, to);
    } catch (cause) {
      if (platform !== "win32" || !busyOnWindows.includes((cause as NodeJS.ErrnoException).code ?? "")) throw cause;
      await pause(pauseMs);
    }
  }
  return move(from, to);
}
