/** Loaded into a process that is measured: writes what the process has used, when it ends, to the file that EXIT_USAGE names. */
const { writeFileSync } = require("node:fs");
const { isMainThread } = require("node:worker_threads");

if (isMainThread)
  process.on("exit", () => writeFileSync(process.env.EXIT_USAGE, JSON.stringify(process.resourceUsage())));
