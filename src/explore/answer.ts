/** Answers the questions of a page: simulates, and writes the report that a run of the command line has. */
import { parseLimit } from "../../infra/handlers/limit.ts";
import { BenchError, messageOf } from "../errors.ts";
import { type GivenExpectations, nothingGiven } from "../metrics/expectations.ts";
import type { RunRecord, Scenario } from "../model.ts";
import { commandOf } from "../reports/command.ts";
import type { Placed, Section } from "../reports/document.ts";
import { labelsOf } from "../reports/labels.ts";
import { article, drawn } from "../reports/media/html.ts";
import { overview } from "../reports/overview.ts";
import { chartData } from "../reports/pictures/chart-data.ts";
import { runsDocument } from "../reports/runs.ts";
import { runLine } from "../reports/words.ts";
import { requestOf } from "../requests/request.ts";
import { simulateRecord } from "../simulation/simulate.ts";
import type { Answer, Explored, ExploredScenario, Question } from "./question.ts";
import { scenarioOf } from "./scenario.ts";

export class Answers {
  readonly #scenarios = new Map<ExploredScenario, Scenario>();
  #latest: RunRecord | null = null;
  #kept: RunRecord[] = [];

  /** `now`: milliseconds, from whenever. */
  constructor(
    private readonly explored: Explored,
    private readonly now: () => number,
  ) {}

  /** An error that a user can mend is an answer. */
  async to(question: Question): Promise<Answer> {
    const beganAt = this.now();
    try {
      const record = await this.#simulated(question);
      this.#latest = record;
      const [label] = labelsOf([record]);
      return {
        html: runsDocument([record])
          .sections.map((section) => article(forPage(section, record), "answer-0"))
          .join(""),
        charts: [chartData(record, label!)],
        command: this.#commandOf(question),
        simulatedInMs: this.now() - beganAt,
      };
    } catch (failure) {
      if (failure instanceof BenchError) return { error: failure.message };
      throw failure;
    }
  }

  /** Keeps the latest result, and gives the table of all that are kept. A result that is there already is not kept twice. */
  keep(): string {
    const latest = this.#latest;
    const isNew = latest !== null && !this.#kept.some((kept) => areSame(kept, latest));
    if (isNew) this.#kept.push({ ...latest, runId: `result ${this.#kept.length + 1}` });
    return this.#table();
  }

  /** Forgets what is kept. */
  forget(): string {
    this.#kept = [];
    return this.#table();
  }

  #table(): string {
    if (this.#kept.length === 0) return "";
    return drawn([overview(this.#kept, labelsOf(this.#kept))]).join("");
  }

  #simulated({ scenario: index, overrides, events, limit, seed }: Question): Promise<RunRecord> {
    const { model, timeoutMs, versions } = this.explored;
    const given = this.#given(index);
    const asked = requestOf({
      ...given,
      scenario: this.#read(given),
      overrides,
      expected: expectedBy(limit.trim()),
      isLocal: true,
    });
    const request = { ...asked, runId: "explored", events, timeoutMs, waitForMetrics: true, keep: true, versions };
    return simulateRecord({ request, model: { ...model, seed } });
  }

  /** The run that has the same result. */
  #commandOf({ scenario, overrides, events, limit, seed }: Question): string {
    const { platform, profile, constants, configured } = this.explored.model;
    return commandOf(
      "run",
      ...this.#given(scenario).words,
      ...overrides.flatMap((override) => ["--set", override]),
      ...["--events", String(events), "--seed", String(seed), "--platform", platform],
      ...(limit.trim() === "" ? [] : ["--limit", limit.trim()]),
      ...(profile === null ? [] : ["--calibration", profile.name]),
      ...Object.entries({ ...configured, ...constants }).flatMap(([name, value]) => ["--assume", `${name}=${value}`]),
    );
  }

  #given(index: number): ExploredScenario {
    return this.explored.scenarios[index]!;
  }

  /** Each is read once, when it is first asked for. */
  #read(given: ExploredScenario): Scenario {
    const scenario = this.#scenarios.get(given) ?? scenarioOf(given);
    this.#scenarios.set(given, scenario);
    return scenario;
  }
}

/** The story of the run stands where it is in sight while a setting moves. There is no record to come back to. */
function forPage({ blocks, ...section }: Section, record: RunRecord): Section {
  const isFirst = ({ kind }: Placed) => kind === "verdict" || kind === "timeline";
  const told = blocks.map((block) =>
    block.kind === "notes" ? { ...block, lines: block.lines.filter((line) => line !== runLine(record)) } : block,
  );
  return { ...section, blocks: [...told.filter(isFirst), ...told.filter((block) => !isFirst(block))] };
}

/** @throws BenchError `bad-usage` */
function expectedBy(limit: string): GivenExpectations {
  if (limit === "") return nothingGiven;
  try {
    parseLimit(limit);
  } catch (cause) {
    throw new BenchError("bad-usage", messageOf(cause), { cause });
  }
  return { ...nothingGiven, limit: { value: limit, by: "flag" } };
}

/** One question gives one result. */
function areSame(one: RunRecord, other: RunRecord): boolean {
  const asked = ({ scenario, settings, expected, seed, summary: { totalEvents } }: RunRecord) =>
    JSON.stringify([scenario, settings, expected, seed, totalEvents]);
  return asked(one) === asked(other);
}
