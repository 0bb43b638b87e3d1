/** The contents of a recommendation, for every medium: the answer first, then what it stands on, then what to do next. */
import { settingsWithEffect } from "../../metrics/caveats.ts";
import type { Answer, Candidate, Family } from "../../simulation/search/answer.ts";
import { figureCell, peakHead } from "../comparisons/ways.ts";
import {
  type Cell,
  type Column,
  columnsOver,
  type Document,
  type Placed,
  type Section,
  withoutAsides,
} from "../document.ts";
import { briefDuration, figure } from "../figures.ts";
import { type NextStep, nextSection } from "../next-steps.ts";
import { frontierDrawing, frontierLines, pointsOf } from "./frontier.ts";
import { type OwnSystem, ownSection } from "./own.ts";
import {
  costText,
  firstOf,
  headline,
  isHarmless,
  keptText,
  marks,
  methodLines,
  nameOf,
  provenanceOfAnswer,
  questionText,
  settingLines,
  toneOf,
  unfinishedText,
} from "./words.ts";

/** An answer with the commands that come after it. */
export interface Recommendation {
  answer: Answer;
  next: NextStep[];
  /** the system that the question is about; absent: it is about none */
  own?: OwnSystem;
}

/** The inputs of a question, in words; a number of the model keeps the name by which it is assumed. */
const inputs: Readonly<Record<string, string>> = {
  failureRate: "failure rate",
  accountConcurrency: "account concurrency",
};
/** So many candidates that hold are worth a row, and so many of those that do not. */
const mostRows = { holding: 8, broken: 5 };
/** Settings by which a run does as the question says. */
const ofQuestion = new Set(["WorkMs", "WorkMsMax", "FailureRate", "PublishRate"]);
/** Settings are broken into lines of so many columns, of the most for which there is room. */
const settingColumns = [44, 30, 23];

export function answerDocument({ answer, next, own }: Recommendation): Document {
  const sections = [
    own === undefined ? null : ownSection(answer, own),
    answerSection(answer),
    remediesSection(answer),
    shortList(answer),
    frontierSection(answer),
    restSection(answer),
    rejections(answer),
    { heading: ["How this was found"], blocks: [{ kind: "notes", lines: methodLines(answer) }] } satisfies Section,
    nextSection(next),
  ];
  return { level: 3, summary: null, sections: sections.filter((section) => section !== null) };
}

function answerSection(answer: Answer): Section {
  const { winner, bounds } = answer;
  const unfinished = unfinishedText(answer);
  const blocks: Placed[] = [
    { kind: "conclusion", text: headline(answer), isBad: winner === null && answer.isFinal },
    ...(unfinished === null ? [] : [{ kind: "warnings" as const, name: "Not final", sentences: [unfinished] }]),
    ...(winner === null ? [] : [{ kind: "pairs" as const, pairs: winnerPairs(answer) }]),
    { kind: "notes", lines: [`Asked: ${questionText(answer)}`, ...bounds.sentences] },
  ];
  return { heading: ["Recommendation"], badge: provenanceOfAnswer(answer), blocks };
}

/** All that an engineer sets, also where the winner is as its template has it. */
function winnerPairs(answer: Answer): [term: string, text: string][] {
  const own = settingsWithEffect(firstOf(answer)!.settings).filter(([name]) => !ofQuestion.has(name));
  return [["Settings", own.map(([name, value]) => `${name}=${value}`).join(", ")]];
}

function remediesSection({ winner, remedies }: Answer): Section | null {
  if (winner !== null || remedies.length === 0) return null;
  const pairs = remedies.map(({ give, sentence }): [string, string] => [give, sentence]);
  return { heading: ["What would have to give, each by itself"], blocks: [{ kind: "pairs", pairs }] };
}

/** The candidates that hold, the best first, then what comes nearest of the rest, and the user's own. */
function shortList(answer: Answer): Section | null {
  const rows = answer.candidates.map((candidate, index) => ({ candidate, rank: index + 1 })).filter(isListed(answer));
  if (rows.length === 0) return null;
  return {
    heading: ["Short list"],
    blocks: [{ kind: "table", name: "The best first", layouts: layoutsOf(rows, answer) }],
  };
}

interface Row {
  candidate: Candidate;
  rank: number;
}

function isListed({ candidates }: Answer) {
  const holding = candidates.filter(({ standing }) => standing !== "breaks").slice(0, mostRows.holding);
  const breaking = candidates.filter(({ standing }) => standing === "breaks");
  const [harmless, harmful] = [breaking.filter(isHarmless), breaking.filter((one) => !isHarmless(one))];
  const broken = [...harmless, ...harmful].slice(0, mostRows.broken);
  const listed = new Set([...holding, ...broken]);
  return ({ candidate }: Row) => listed.has(candidate) || candidate.origin === "user";
}

function layoutsOf(rows: readonly Row[], { question }: Answer): Column[][] {
  const column = columnsOver(rows);
  const of = (name: keyof Candidate["figures"], written: (value: number) => string) => (row: Row) =>
    figureCell(row.candidate.figures[name], written);
  const count = (value: number) => figure(value, "count");
  const way = column("way", wayCell, true);
  const wayAndSettings = column("way", withSettingsBelow, true);
  const settings = settingColumns.map((columns) =>
    column("settings", ({ candidate }) => settingLines(candidate, columns).join("\n"), true),
  );
  const kept = column("keeps\nall in", ({ candidate }) => keptText(candidate));
  const peakCell = of("peakCalls", count);
  const lost = column("lost", of("lost", count));
  const oldestCell = of("waitOldestMs", (ms) => briefDuration(ms / 1_000));
  const oldest = column("oldest\nwait", oldestCell);
  const costCell = of("costPerMonth", (dollars) => costText(dollars).replace(" USD", ""));
  const figures = [kept, column(peakHead(question.limit), peakCell), lost, oldest, column("USD\na month", costCell)];
  const bare = figures.map(withoutAsides);
  const narrow = [column("peak", peakCell), lost, oldest, column("USD/\nmonth", costCell)].map(withoutAsides);
  return [
    [way, ...figures, settings[1]!],
    ...settings.map((each) => [way, ...bare, each]),
    ...settings.slice(1).map((each) => [way, ...narrow, each]),
    [wayAndSettings, ...bare],
    [wayAndSettings, ...narrow],
  ];
}

/** `✓ 1 fifo-one-group` */
function wayCell({ candidate, rank }: Row): Cell {
  const tone = toneOf(candidate.standing);
  return { text: `${marks[candidate.standing]} ${rank} ${nameOf(candidate.way)}`, ...(tone && { tone }) };
}

/** The settings that were changed stand below the way, where there is no room beside it. */
function withSettingsBelow(row: Row): Cell {
  const cell = wayCell(row);
  if (row.candidate.changed.length === 0) return cell;
  const lines = settingLines(row.candidate, settingColumns.at(-1)!).map((line) => ` ${line}`);
  return { ...cell, text: [cell.text, ...lines].join("\n") };
}

function frontierSection(answer: Answer): Section | null {
  if (pointsOf(answer).length < 2) return null;
  const names = answer.candidates.flatMap(({ isOnFrontier, standing, way }, index) =>
    isOnFrontier && (standing !== "breaks" || answer.winner === null) ? [`${index + 1} ${nameOf(way)}`] : [],
  );
  const which = answer.winner === null ? "On the frontier" : "Of what holds on the frontier";
  return {
    heading: ["Wait and cost"],
    blocks: [
      {
        kind: "drawing",
        name: "Wait and cost of every candidate",
        svg: frontierDrawing(answer, "page"),
        text: ({ columns }) => frontierLines(answer, columns),
      },
      {
        kind: "notes",
        lines: [`${which}, where no other is better in wait, cost and peak at once: ${names.join(", ")}.`],
      },
    ],
  };
}

function restSection({ winner }: Answer): Section | null {
  if (winner === null || winner.rests.length === 0) return null;
  return {
    heading: ["What it rests on"],
    blocks: [
      { kind: "pairs", pairs: winner.rests.map(({ on, sentence }): [string, string] => [inputs[on] ?? on, sentence]) },
    ],
  };
}

/** A sentence for each family but the winner's. */
function rejections({ families, winner, candidates, isFinal }: Answer): Section | null {
  const isWinner = ({ best }: Family) => winner !== null && best === candidates[0]?.id;
  const others = families.filter((family) => !isWinner(family) && family.reason !== "");
  if (others.length === 0) return null;
  const pairs = others.map(({ way, standing, reason }): [string, string] => [
    `${marks[standing]} ${nameOf(way)}`,
    reason,
  ]);
  const heading = winner !== null ? "Why not another" : isFinal ? "Why none holds" : "What is known of each way";
  return { heading: [heading], blocks: [{ kind: "pairs", pairs }] };
}
