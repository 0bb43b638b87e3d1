/** The command line: its verbs, and the one place that prints errors and sets the exit status. */
import { Command, CommanderError } from "commander";
import { BenchError, exitStatus, messageOf } from "../errors.ts";
import { addCalibrate } from "./commands/calibrate.ts";
import { addClean } from "./commands/clean.ts";
import { addCompare } from "./commands/compare.ts";
import { addDatabase } from "./commands/database.ts";
import { addDb } from "./commands/db.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addGrafana } from "./commands/grafana.ts";
import { addHistory } from "./commands/history.ts";
import { addList } from "./commands/list.ts";
import { addNightly } from "./commands/nightly.ts";
import { addPrune } from "./commands/prune.ts";
import { addReport } from "./commands/report.ts";
import { addResume } from "./commands/resume.ts";
import { addRun } from "./commands/run.ts";
import { addServe } from "./commands/serve.ts";
import { addShow } from "./commands/show.ts";
import { packageVersion } from "./version.ts";

/** EX_SOFTWARE of sysexits.h: a bug is none of the outcomes that a script may rely on. */
const bugStatus = 70;

/** Runs the verb that `argv` (as in `process.argv`) names; what it came to is in `process.exitCode`. */
export async function main(argv: string[]): Promise<void> {
  outliveClosedPipes();
  // What the SDK says of Node's version is for us to read, not for our users; threads inherit the environment.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const program = createProgram();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const { status, text } = explain(error, program.opts().verbose === true);
    process.exitCode = status;
    process.stderr.write(text);
  }
}

function createProgram(): Command {
  const program = new Command("throttle-bench")
    .description("Fires a burst of events at a way of throttling AWS Lambda and tells what became of them.")
    .version(packageVersion(), "-V, --version", "print the version")
    .option("--verbose", "with an error, also print its causes")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [verb]", "print the help of a verb")
    .addHelpText("after", "\nExample:\n  throttle-bench run scenario-4")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addRun(program);
  addList(program);
  addShow(program);
  addReport(program);
  addCompare(program);
  addNightly(program);
  addHistory(program);
  addPrune(program);
  addClean(program);
  addDatabase(program);
  addDb(program);
  addGrafana(program);
  addDoctor(program);
  addResume(program);
  addServe(program);
  addCalibrate(program);
  return program;
}

/** What is printed of an error, and the status that it ends with. */
function explain(error: unknown, verbose: boolean): { status: number; text: string } {
  if (error instanceof CommanderError) return explainUsage(error);
  if (error instanceof BenchError) {
    const causes = verbose ? causesOf(error).map((cause) => `  caused by: ${cause}\n`) : [];
    const cleanUp = error.cleanUp === null ? "" : `${error.cleanUp}\n`;
    return { status: error.exitStatus, text: `error: ${error.message}\n${cleanUp}${causes.join("")}` };
  }
  const stack = error instanceof Error ? (error.stack ?? messageOf(error)) : String(error);
  return {
    status: bugStatus,
    text: `error: This is a bug in throttle-bench; please report it with these lines:\n${stack}\n`,
  };
}

/** Help and version are thrown too; they have been printed when they get here, and so has the help of a call without a verb. */
function explainUsage({ exitCode, code, message }: CommanderError): { status: number; text: string } {
  if (exitCode === 0) return { status: exitStatus.done, text: "" };
  if (code === "commander.help") return { status: exitStatus.badInput, text: "" };
  const [problem, suggestion] = message.replace(/\.$/, "").split("\n");
  const cure = suggestion?.replace(/^\(Did/, "did").replace(/\)$/, "") ?? "`throttle-bench help` tells what there is.";
  return { status: exitStatus.badInput, text: `${problem}; ${cure}\n` };
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    causes.push(cause instanceof Error ? `${cause.name}: ${messageOf(cause)}` : String(cause));
    if (cause instanceof AggregateError) causes.push(...cause.errors.map(messageOf));
  }
  return causes;
}

/** A reader such as `head` that has had enough, or a terminal that is closed, ends neither a run nor its clean-up. */
function outliveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
}
