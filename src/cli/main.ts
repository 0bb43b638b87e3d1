/** The command line: its verbs, and the one place that prints errors and sets the exit status. */
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import { BenchError, exitStatus, messageOf, systemCure } from "../errors.ts";
import { onOneLine, printable } from "../printable.ts";
import { completionRequest } from "./completion/request.ts";
import { outliveLostOutput } from "./lost-output.ts";
import { equip, type VerbTable } from "./verb.ts";
import { packageVersion } from "./version.ts";

/** EX_SOFTWARE of sysexits.h: a bug is none of the outcomes that a script may rely on. */
const bugStatus = 70;

/** `--help` prints this table. A verb's flags, help and work are loaded when it is used. */
const verbs: Record<string, VerbTable> = {
  Runs: {
    run: { summary: "run scenarios and print what became of their events", load: () => import("./commands/run.ts") },
    compare: { summary: "compare runs, and tell change from chance", load: () => import("./commands/compare.ts") },
    report: { summary: "print recorded runs again", load: () => import("./commands/report.ts") },
    history: {
      summary: "show the course of a scenario's figures, or remove old records",
      load: () => import("./commands/history.ts"),
    },
    trace: {
      summary: "follow one event of a recorded run of the local model, step by step",
      load: () => import("./commands/trace.ts"),
    },
  },
  Answers: {
    recommend: {
      summary: "say which way holds for your limit and your spikes, and with which settings",
      load: () => import("./commands/recommend.ts"),
    },
    explore: {
      summary: "write a page that simulates at every move of a slider, and open it",
      load: () => import("./commands/explore.ts"),
    },
    sweep: {
      summary: "simulate every combination of some settings, and say which keep the limit",
      load: () => import("./commands/sweep.ts"),
    },
  },
  Scenarios: {
    init: {
      summary: "write a scenario to begin with, or lift one from a template of your own",
      load: () => import("./commands/init.ts"),
    },
    list: { summary: "list the scenarios", load: () => import("./commands/list.ts") },
    show: {
      summary: "show a scenario's settings, path and published result, or the model's numbers",
      load: () => import("./commands/show.ts"),
    },
  },
  "Accounts and databases": {
    doctor: { summary: "check what a run needs, here and on an account", load: () => import("./commands/doctor.ts") },
    database: {
      summary: "open the embedded database, or make, look at or remove one in an account",
      load: () => import("./commands/database.ts"),
    },
    resume: {
      summary: "go on with a run on an account that was interrupted",
      load: () => import("./commands/resume.ts"),
    },
    clean: {
      summary: "list and remove what earlier runs left in an account",
      load: () => import("./commands/clean.ts"),
    },
    calibrate: {
      summary: "fit the model's unpublished numbers to an account",
      load: () => import("./commands/calibrate.ts"),
    },
    serve: {
      summary: "serve the local model over HTTP, for the AWS CLI and SDKs",
      load: () => import("./commands/serve.ts"),
    },
  },
  Shell: {
    completion: {
      summary: "print a script that completes verbs, flags and names in a shell",
      load: () => import("./commands/completion.ts"),
    },
  },
  "Other machines": {
    worker: {
      summary: "simulate for verbs that run elsewhere with --workers remote",
      load: () => import("./commands/worker.ts"),
    },
  },
  "Continuous integration": {
    nightly: {
      summary: "run scenarios, compare them with the last good night, and keep them for the next",
      load: () => import("./commands/nightly.ts"),
    },
  },
};

/** Says of a verb of earlier versions what to use now. */
const successors: Record<string, string> = {
  prune: "use `throttle-bench history --prune`.",
  db: "use `throttle-bench database url`.",
  grafana: "set the dashboards up as infra/grafana/README.md says.",
};

/** Runs the verb that `argv` (as in `process.argv`) names; its outcome is in `process.exitCode`. */
export async function main(argv: string[]): Promise<void> {
  outliveLostOutput();
  if (argv[2] === completionRequest) return printWords(argv.slice(3));
  boundGarbage();
  // The SDK's warning of an old Node.js is for us, not for our users. Threads inherit the environment.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const program = createProgram();
  const words = argv.slice(2).filter((word) => !word.startsWith("-"));
  const asksForHelp = words[0] === "help";
  const verb = asksForHelp ? words[1] : words[0];
  try {
    await addVerbs(program, verb, asksForHelp);
    await program.parseAsync(await spread(argv));
  } catch (error) {
    const { status, text } = await explain(error, program.opts().verbose === true, argv.slice(2), verb);
    process.exitCode = status;
    process.stderr.write(printable(text));
    if (argv.includes("--json") && error instanceof BenchError && error.faults.length > 0)
      process.stdout.write(`${errorFacts(error)}\n`);
  }
}

/** Answers a shell. It asks in the middle of a line, where an error would only be in the way. */
async function printWords(typed: readonly string[]): Promise<void> {
  const { answerShell } = await import("./completion/shell.ts");
  await answerShell(typed, Object.assign({}, ...Object.values(verbs))).catch(() => {});
}

/**
 * Collects old garbage when the heap has grown by six tenths since it was last collected. V8's own choice is up to four times, and the
 * messages of a long queue grow old before they are garbage: a run of a million events needs half of the memory this way.
 */
function boundGarbage(): void {
  setFlagsFromString("--heap-growing-percent=60");
}

/** The words as commander takes them: each value of parameters with its flag. */
async function spread(argv: string[]): Promise<string[]> {
  if (!argv.includes("--parameters")) return argv;
  return (await import("./flags/parameters.ts")).spreadParameters(argv);
}

function createProgram(): Command {
  return new Command("throttle-bench")
    .description("Fires a burst of events at a way of throttling AWS Lambda and tells what became of them.")
    .version(packageVersion(), "-V, --version", "print the version")
    .option("-v, --verbose", "with an error, also print its causes")
    .option("-q, --quiet", "show no progress")
    .hook("preAction", async (program) => {
      (await import("./running/progress.ts")).silenceProgress(program.opts().quiet === true);
    })
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [verb]", "print the help of a verb")
    .addHelpText("after", "\nExample:\n  throttle-bench run scenario-4")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
}

/** Adds every verb by name and summary, and in full the `used` one, or the one whose help is asked for. Throws `bad-usage`. */
async function addVerbs(program: Command, used: string | undefined, asksForHelp: boolean): Promise<void> {
  if (used !== undefined && Object.hasOwn(successors, used)) {
    throw new BenchError("bad-usage", `The verb ${used} is gone; ${successors[used]}`);
  }
  if (used !== undefined && asksForHelp && !isVerb(used)) {
    throw new BenchError(
      "bad-usage",
      `${JSON.stringify(used)} is no verb; \`throttle-bench help\` lists those that there are.`,
    );
  }
  for (const [group, entries] of Object.entries(verbs)) {
    for (const [name, { summary, load }] of Object.entries(entries)) {
      const command = program.command(name).description(summary).helpGroup(`${group}:`);
      if (name === used) equip(command, (await load()).verb);
    }
  }
}

/** Gives the text that an error prints, and the status that it ends with. */
async function explain(
  error: unknown,
  verbose: boolean,
  words: readonly string[],
  verb?: string,
): Promise<{ status: number; text: string }> {
  if (error instanceof CommanderError) return explainUsage(error, words, verb);
  if (error instanceof BenchError) {
    const causes = verbose ? causesOf(error).map((cause) => `  caused by: ${onOneLine(cause)}\n`) : [];
    const cleanUp = error.cleanUp === null ? "" : `${error.cleanUp}\n`;
    return { status: error.exitStatus, text: `error: ${error.message}\n${cleanUp}${causes.join("")}` };
  }
  const { code: systemCode = "" } = (error ?? {}) as NodeJS.ErrnoException;
  const cure = /^E[A-Z]+$/.test(systemCode) ? systemCure(systemCode) : null;
  if (cure !== null) return { status: exitStatus.target, text: `error: ${messageOf(error)}; ${cure}.\n` };
  const stack = error instanceof Error ? (error.stack ?? messageOf(error)) : String(error);
  return {
    status: bugStatus,
    text: `error: This is a bug in throttle-bench; please report it with these lines:\n${stack}\n`,
  };
}

/** The error of a template as JSON, for whoever asked for JSON: a program finds each fault by its file and line. */
function errorFacts(error: BenchError): string {
  const { code, message, exitStatus: status, cleanUp } = error;
  const faults = error.faults.map(({ message, place: { file, line } }) => ({ file, line, message }));
  return JSON.stringify({ error: { code, exitStatus: status, message, cleanUp, faults } }, null, 2);
}

/** Help and version are thrown, too. They have been printed before, and so has the help of a call without a verb. */
async function explainUsage(
  { exitCode, code, message }: CommanderError,
  words: readonly string[],
  verb = "",
): Promise<{ status: number; text: string }> {
  if (exitCode === 0) return { status: exitStatus.done, text: "" };
  if (code === "commander.help") return { status: exitStatus.badInput, text: "" };
  const [problem = "", spelled] = message.replace(/\.$/, "").split("\n");
  const help = isVerb(verb) ? `help ${verb}` : "help";
  const cure =
    (await suggestionFor(code, problem, words, verb)) ??
    spelled?.replace(/^\(Did/, "did").replace(/\)$/, "") ??
    `\`throttle-bench ${help}\` lists what there is.`;
  return { status: exitStatus.badInput, text: `${problem}; ${cure}\n` };
}

/** The nearest to a word that there is not; null: nothing is near. */
async function suggestionFor(
  code: string,
  problem: string,
  words: readonly string[],
  verb: string,
): Promise<string | null> {
  const [, typed = ""] = /'(.*)'/.exec(problem) ?? [];
  const { flagMeant, verbMeant } = await import("./slips.ts");
  const all: VerbTable = Object.assign({}, ...Object.values(verbs));
  const used = Object.hasOwn(all, verb) ? (await all[verb]!.load()).verb : null;
  const its = used !== null && "verbs" in used ? used.verbs : null;
  if (code === "commander.unknownCommand") return verbMeant(typed, Object.keys(its ?? all));
  if (code !== "commander.unknownOption" || used === null) return null;
  return flagMeant(typed, its === null ? used : (words.flatMap((word) => its[word] ?? [])[0] ?? used), words);
}

function isVerb(word: string): boolean {
  return Object.values(verbs).some((entries) => Object.hasOwn(entries, word));
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    causes.push(cause instanceof Error ? `${cause.name}: ${messageOf(cause)}` : String(cause));
    if (cause instanceof AggregateError) causes.push(...cause.errors.map(messageOf));
  }
  return causes;
}
