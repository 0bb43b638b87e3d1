/** Runs commands at once, prints what each has said as soon as it ends, and fails if one of them does. */
import { spawn } from "node:child_process";

const failed = await Promise.all(
  process.argv.slice(2).map(
    (command) =>
      new Promise((resolve) => {
        const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
        let said = "";
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding("utf8").on("data", (text) => {
            said += text;
          });
        }
        child.on("close", (status) => {
          process.stdout.write(said);
          if (status !== 0) console.error(`\`${command}\` failed.`);
          resolve(status !== 0);
        });
      }),
  ),
);
if (failed.includes(true)) process.exitCode = 1;
