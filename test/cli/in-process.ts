/** The built command line in this process: it sees a directory, an environment and streams of its own, one run at a time. */
import { fileURLToPath } from "node:url";

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

const built = new URL("../../.build/cli/main.js", import.meta.url).href;

/** The run that was begun last; the next one begins when it has ended. */
let last: Promise<unknown> = Promise.resolve();

/** Runs the command line to its end. `environment` is the whole environment that it sees. */
export function runInProcess(directory: string, environment: NodeJS.ProcessEnv, args: string[]): Promise<Ended> {
  const run = last.then(() => runAlone(directory, environment, args));
  last = run.catch(() => undefined);
  return run;
}

async function runAlone(directory: string, environment: NodeJS.ProcessEnv, args: string[]): Promise<Ended> {
  const { main } = (await import(/* @vite-ignore */ built)) as { main(argv: string[]): Promise<void> };
  const restore: (() => void)[] = [];
  const stdout = capture(process.stdout, restore);
  const stderr = capture(process.stderr, restore);
  const warn = (warning: Error) => process.stderr.write(`${warning.name}: ${warning.message}\n`);
  process.on("warning", warn);
  restore.push(() => process.off("warning", warn));
  const exited = catchExit(restore);
  enter(directory, environment, restore);
  try {
    await Promise.race([main([process.execPath, fileURLToPath(built), ...args]), exited]);
    return { status: Number(process.exitCode ?? 0), stdout: stdout(), stderr: stderr() };
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

/** Keeps what is written to a stream; listeners that the run leaves on it go with the run. */
function capture(stream: NodeJS.WriteStream, restore: (() => void)[]): () => string {
  let text = "";
  const { write } = stream;
  const listeners = stream.listeners("error");
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    const written = rest.at(-1);
    if (typeof written === "function") written();
    return true;
  };
  restore.push(() => {
    stream.write = write;
    for (const listener of stream.listeners("error")) {
      if (!listeners.includes(listener)) stream.off("error", listener as () => void);
    }
  });
  return () => text;
}

/** Resolves when the run would end the process. */
function catchExit(restore: (() => void)[]): Promise<void> {
  const { exit, exitCode } = process;
  process.exitCode = undefined;
  restore.push(() => {
    process.exit = exit;
    process.exitCode = exitCode;
  });
  return new Promise((resolve) => {
    process.exit = ((code) => {
      process.exitCode = code ?? process.exitCode;
      resolve();
    }) as typeof process.exit;
  });
}

function enter(directory: string, environment: NodeJS.ProcessEnv, restore: (() => void)[]): void {
  const before = { directory: process.cwd(), environment: { ...process.env } };
  const become = (to: string, variables: NodeJS.ProcessEnv) => {
    process.chdir(to);
    for (const name of Object.keys(process.env)) if (variables[name] === undefined) delete process.env[name];
    Object.assign(process.env, variables);
  };
  restore.push(() => become(before.directory, before.environment));
  become(directory, environment);
}
