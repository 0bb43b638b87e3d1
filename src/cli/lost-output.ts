/** Output that cannot be written, for its reader is gone or its disk is full, ends no work and no clean-up. */
import { exitStatus } from "../errors.ts";

/** A reader such as `head` has had enough, or the terminal is closed. */
const goneReaders = new Set(["EPIPE", "EIO"]);

/** Goes on without a stream that fails. A result that is lost to anything but its reader is said on stderr, and the status is 3. */
export function outliveLostOutput(): void {
  process.stderr.on("error", () => {});
  let isLost = false;
  process.stdout.on("error", ({ code = "", message }: NodeJS.ErrnoException) => {
    if (isLost || goneReaders.has(code)) return;
    isLost = true;
    // Last of all, because nobody has seen the report that a status of an expectation is about, and that status may be set later.
    process.once("exit", (status) => {
      if (status === exitStatus.done || status === exitStatus.expectation) process.exitCode = exitStatus.target;
    });
    process.stderr.write(
      `error: The result could not be written to stdout (${message.replace(/, write$/, "")}); write it elsewhere. That of a run is recorded: \`throttle-bench report\` prints it again.\n`,
    );
  });
}
