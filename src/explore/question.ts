/** The page that simulates: what it is made of, what its controls ask, and what its worker answers. */
import type { Model, RunRecord, Scenario } from "../model.ts";

/** Everything that a page knows. It is data only, because it is written into the page. */
export interface Explored {
  scenarios: ExploredScenario[];
  /** the numbers that each simulation goes by; its seed is where the page begins */
  model: Model;
  timeoutMs: number;
  versions: RunRecord["versions"];
}

/** A scenario as its text, without the secrets that the template gives as defaults; the page reads it again. */
export interface ExploredScenario extends Pick<Scenario, "name" | "alias" | "file" | "published" | "templateBody"> {
  /** as `run` takes it */
  words: string[];
  isShipped: boolean;
  hasShippedTemplate: boolean;
}

export interface Question {
  /** its place among those of the page */
  scenario: number;
  /** `Name=value`, for each setting that is not as the scenario has it */
  overrides: string[];
  events: number;
  /** such as `1/s`, as it was typed; empty: the scenario's own */
  limit: string;
  seed: number;
}

export type Answer =
  | {
      /** the report on the run, as parts of a page */
      html: string;
      /** the drawings of its charts are made of these */
      charts: unknown[];
      /** the same run on the command line */
      command: string;
      simulatedInMs: number;
    }
  /** a sentence that says what is wrong, and what to do */
  | { error: string };

/** A page asks its worker this; each request has one reply. */
export type Request = { ask: Question } | { keep: true } | { forget: true };
export type Reply = { answer: Answer } | { kept: string };
