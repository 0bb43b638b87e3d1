#!/usr/bin/env node
/** Calls the CLI. */
import { existsSync } from "node:fs";

const cli = new URL("../.build/cli/main.js", import.meta.url);

if (existsSync(cli)) {
  const { main } = await load();
  await main(process.argv);
} else {
  console.error("error: throttle-bench has not been built yet; run `npm run build` in its directory.");
  process.exitCode = 2;
}

/** Where not even this can be loaded, for want of files that may be open or of memory, nothing else tells why. */
async function load() {
  try {
    return await import(cli.href);
  } catch (error) {
    console.error(
      `error: throttle-bench could not be loaded (${error.message}); install it again, or allow more open files and memory.`,
    );
    process.exit(3);
  }
}
