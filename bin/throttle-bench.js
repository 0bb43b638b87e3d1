#!/usr/bin/env node
/** Calls the CLI. */
import { existsSync } from "node:fs";

const cli = new URL("../.build/cli/main.js", import.meta.url);

if (existsSync(cli)) {
  const { main } = await import(cli.href);
  await main(process.argv);
} else {
  console.error("error: throttle-bench has not been built yet; run `npm run build` in its directory.");
  process.exitCode = 2;
}
