/** Tells a maintainer of an installation and its last runs, in one text that its user can read before sending it. */
import type { RunRecord } from "../model.ts";
import type { Check } from "./check.ts";
import type { Redaction } from "./redaction.ts";

export interface BundleFacts {
  /** ISO, without the time of day */
  date: string;
  version: string;
  /** the hash of what was built; null: it runs from its source */
  build: string | null;
  machine: {
    node: string;
    system: string;
    architecture: string;
    processors: number;
    memoryGb: number;
    isTerminal: boolean;
  };
  checks: { local: readonly Check[]; aws: readonly Check[] };
  /** by the configuration's keys; null: there is no file */
  configuration: Readonly<Record<string, unknown>> | null;
  /** the names of those that are set */
  environment: readonly string[];
  /** newest first */
  records: readonly RunRecord[];
  /** of files that are no records */
  problems: readonly string[];
  /** runs that wait to be resumed */
  waiting: number;
  /** the end of the database's log, oldest first; null: there is none */
  log: readonly string[] | null;
}

/** The names that may be shown. */
export interface Known {
  /** of shipped scenarios */
  scenarios: readonly string[];
  /** of the shipped scenarios' settings */
  settings: readonly string[];
  /** of the model's numbers */
  numbers: readonly string[];
  regions: RegExp;
}

const plainKeys = ["target", "platform", "alpha", "minimumEffect", "limit", "limitTolerance", "maxLoss", "maxWait"];

export function bundleText(facts: BundleFacts, redaction: Redaction, known: Known): string {
  const { machine, checks } = facts;
  return [
    `# A bundle of throttle-bench for a report of a fault`,
    `Read it through before you send it. It was written here and sent nowhere. What is not known to be harmless stands as a placeholder such as ‹text-1›; the same placeholder stands for the same value throughout.`,
    section("Program", [
      `throttle-bench ${facts.version}${facts.build === null ? ", from its source" : `, build ${facts.build}`}`,
      `Node.js ${machine.node} on ${machine.system} ${machine.architecture}, ${machine.processors} processors, ${machine.memoryGb} GB`,
      machine.isTerminal ? "stdout is a terminal" : "stdout is no terminal",
      `made on ${facts.date}`,
    ]),
    section(
      "Checks here",
      checks.local.map((check) => checkLine(check, redaction)),
    ),
    section(
      "Checks of the account",
      checks.aws.map((check) => checkLine(check, redaction)),
    ),
    section("Configuration file", configurationLines(facts.configuration, redaction, known)),
    section("Environment variables that are set, without their values", facts.environment),
    section("Runs that wait to be resumed", [String(facts.waiting)]),
    ...facts.records.map((record) =>
      section(`Run of ${record.startedAt.slice(0, 10)}`, recordLines(record, redaction, known)),
    ),
    section(
      "Files that are no records",
      facts.problems.map((problem) => redaction.text(problem)),
    ),
    section("End of the embedded database's log", fenced(facts.log?.map((line) => redaction.text(line)) ?? [])),
    section("Left out", [
      "values of environment variables and of secrets, database URLs, credentials",
      "names of people, machines, accounts, stacks, functions, queues and files",
      "templates, rows of the database, metrics and timelines",
      "records but the newest few, and logs but their end",
    ]),
  ].join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  const list = lines.map((line) => (line.startsWith("```") ? line : `- ${line.replaceAll("\n", "\n  ")}`));
  return [`## ${title}`, "", ...(list.length === 0 ? ["- none"] : list)].join("\n");
}

function fenced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`\`\`\`text\n${lines.join("\n").replaceAll("```", "'''")}\n\`\`\``];
}

function checkLine({ name, status, detail }: Check, redaction: Redaction): string {
  return `${status}: ${name}: ${redaction.text(detail)}`;
}

function configurationLines(configuration: BundleFacts["configuration"], redaction: Redaction, known: Known): string[] {
  if (configuration === null) return ["there is none"];
  return Object.entries(configuration).map(([key, value]) => {
    const text = String(value);
    if (plainKeys.includes(key)) return `${key}: ${redaction.text(text)}`;
    if (key === "region") return `${key}: ${known.regions.test(text) ? text : redaction.placeholder(text)}`;
    if (typeof value !== "object" || value === null) return `${redaction.text(key)}: ${redaction.placeholder(text)}`;
    const members = Object.entries(value).map(
      ([name, member]) => `${redaction.oneOf(name, known.numbers)}=${redaction.setting(String(member))}`,
    );
    return `${redaction.text(key)}: ${members.join(", ")}`;
  });
}

function recordLines(record: RunRecord, redaction: Redaction, known: Known): string[] {
  const { summary, settings, location, assumptions, errors, warnings, caveats, details, verdict, versions } = record;
  const pairs = Object.entries(settings).map(
    ([name, value]) => `${redaction.oneOf(name, known.settings)}=${redaction.setting(value)}`,
  );
  const { insertsPerSecond, ...counts } = summary;
  const figures = Object.entries({
    ...counts,
    ...insertsPerSecond,
    invocations: details.invocations,
    throttles: details.throttles,
    errors: details.errors,
    deadLetters: details.deadLetters,
    backlogMax: details.backlogMax,
  });
  return [
    `id: ${redaction.placeholder(record.runId)}`,
    `scenario: ${redaction.oneOf(record.scenario, known.scenarios)} (${redaction.text(record.topology.join(" → "))})`,
    `target: ${record.target}, ${record.kind}, platform ${record.platform ?? "none"}, seed ${record.seed ?? "none"}`,
    `region: ${known.regions.test(location.region) ? location.region : redaction.placeholder(location.region)}`,
    `made by: ${redaction.text(versions.throttleBench)} on Node.js ${redaction.setting(versions.node.replace(/^v(\d+).*$/, "$1"))}`,
    `outcome: ${record.outcome}; ${redaction.text(record.cleanUp)}`,
    `settings: ${pairs.join(", ")}`,
    `figures: ${figures.map(([name, value]) => `${name}=${value ?? "unknown"}`).join(", ")}`,
    `broken: ${verdict?.broken.join(", ") || "nothing"}`,
    ...(errors ?? []).map(
      ({ cause, count, firstMessage }) =>
        `error, ${count} times, ${redaction.text(cause)}: ${redaction.text(firstMessage)}`,
    ),
    ...(warnings ?? []).map(
      (warning) =>
        `warning: ${redaction.text(
          Object.values(warning)
            .filter((each) => typeof each === "string")
            .join(": "),
        )}`,
    ),
    ...caveats.map(({ code }) => `caveat: ${code}`),
    ...(assumptions ?? [])
      .filter(({ origin }) => origin !== "platform")
      .map(({ name, value, origin }) => `number: ${redaction.oneOf(name, known.numbers)}=${value}, by ${origin}`),
  ];
}
