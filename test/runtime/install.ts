/** AWS's runtime client for Node.js, built once from the registry's pinned packages and kept under `.build`. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

/** Paths of the programs. */
export interface RuntimeClient {
  /** the Node.js of the functions' runtime, `nodejs22.x` */
  node: string;
  /** the script that it runs in place of Lambda's own bootstrap */
  client: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** A sentence: it cannot be built here, and why. */
    runtimeClient: RuntimeClient | string;
  }
}

const folder = fileURLToPath(new URL("client", import.meta.url));
const kept = fileURLToPath(new URL("../../.build/runtime-client", import.meta.url));

/** The programs that build its native part, and the Debian packages that hold them; `.ci/run` installs them. */
const tools = {
  autoconf: "autoconf",
  automake: "automake",
  libtoolize: "libtool",
  cmake: "cmake",
  "g++": "g++",
  make: "make",
  python3: "python3",
  xz: "xz-utils",
};

export default function provideRuntimeClient(project: TestProject): void {
  const client = runtimeClient();
  if (typeof client === "string") console.log(`NOT TRIED: ${client}`);
  project.provide("runtimeClient", client);
}

/** Builds it where it is not there yet, which takes a minute or two. The lock file names each package with its hash. */
function runtimeClient(): RuntimeClient | string {
  const lock = readFileSync(join(folder, "package-lock.json"));
  const key = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const place = join(kept, `${key}-${process.arch}`);
  if (existsSync(place)) return programsIn(place);
  if (process.platform !== "linux") return `AWS's runtime client runs on Linux, and this is ${process.platform}.`;
  const missing = Object.entries(tools).filter(([program]) => !isOnPath(program));
  if (missing.length > 0) {
    const packages = missing.map(([, name]) => name).join(" ");
    return `AWS's runtime client cannot be built without the Debian packages ${packages}; install them, as .ci/run does.`;
  }
  rmSync(kept, { recursive: true, force: true });
  const draft = `${place}-draft`;
  mkdirSync(draft, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(folder, file), join(draft, file));
  console.log("Building AWS's runtime client …");
  npm(draft, ["ci", "--ignore-scripts"]);
  // Built by the Node.js that loads it, and by the headers that come with it.
  const nodeFolder = join(programsIn(draft).node, "../..");
  const path = [join(nodeFolder, "bin"), process.env.PATH].join(delimiter);
  npm(draft, ["rebuild", "aws-lambda-ric"], { PATH: path, npm_config_nodedir: nodeFolder });
  renameSync(draft, place);
  return programsIn(place);
}

function programsIn(place: string): RuntimeClient {
  const modules = join(place, "node_modules");
  const node = readdirSync(modules).find((name) => name.startsWith("node-linux-"));
  if (node === undefined) throw new Error(`The registry has no Node.js for ${process.arch} in ${modules}.`);
  return { node: join(modules, node, "bin/node"), client: join(modules, "aws-lambda-ric/index.mjs") };
}

/** Throws with npm's own words when it fails: where the tools are there, a failure is one of the tests'. */
function npm(directory: string, args: string[], environment: Record<string, string> = {}): void {
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((directory) => existsSync(join(directory, program)));
}
