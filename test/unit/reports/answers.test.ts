/** A recommendation in every medium: the answer comes first, every line fits, and nothing is told by colour alone. */
import { describe, expect, it } from "vitest";
import type { Recommendation } from "../../../src/reports/answers/document.ts";
import { answerDocument } from "../../../src/reports/answers/document.ts";
import { answerFormats, answerPage, answerText } from "../../../src/reports/answers/formats.ts";
import { frontierDrawing, frontierLines } from "../../../src/reports/answers/frontier.ts";
import { markdownText } from "../../../src/reports/media/markdown.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aCandidate, anAnswer, anEmptyAnswer } from "./an-answer.ts";

const command = "throttle-bench run fifo-one-group --rate 50/s --for 20s --limit 1/s --max-loss 0 --max-wait 30m";
const next = [{ does: "Run it here, on the local model:", command }];
const holding: Recommendation = { answer: anAnswer(), next };
const empty: Recommendation = { answer: anEmptyAnswer(), next: [] };

const plain = (recommendation: Recommendation, columns = 80) =>
  answerText(recommendation, { columns, colour: false, details: false });
/** The text with its line breaks gone. */
const flowing = (recommendation: Recommendation) => plain(recommendation).replace(/\s+/g, " ");

describe("where a way holds", () => {
  it("says first what to use, what it keeps, how long events wait, and what it costs", () => {
    const [heading, ...rest] = plain(holding).split("\n");
    expect(heading).toBe("Recommendation · PREDICTION (local, platform 2026, seed 1)");
    expect(rest.join(" ").replace(/\s+/g, " ")).toMatch(
      /^✓ Use fifo-one-group \(SNS → SQS → Lambda\) with its own settings\. It keeps 1\/s and loses nothing in 200 of 200 runs \(with 95% confidence at most 1\.5% of runs do not\); the oldest event waits 19 min, and it costs 0\.40 USD a month\./,
    );
  });

  it("names the settings of a winner that has some", () => {
    const winner = aCandidate("c1", { changed: [["VisibilityTimeout", "60", "30"]] });
    const answer = anAnswer({ candidates: [winner] });
    expect(flowing({ answer, next })).toContain("Use fifo-one-group (SNS → SQS → Lambda) with VisibilityTimeout=60.");
  });

  it("tells nothing of the winner that its settings have changed", () => {
    const way = { way: "sqs-fifo", title: "SQS FIFO to Lambda, one message group" };
    const answer = anAnswer({ candidates: [aCandidate("c1", { ...way, changed: [["MessageGroups", "10", "1"]] })] });
    for (const text of [plain({ answer, next }), markdownText(answerDocument({ answer, next }), { details: false })]) {
      expect(text).toContain("MessageGroups=10");
      expect(text).not.toContain("one message group");
    }
  });

  it("lists all settings of the winner but those that the question gives, for who has a stack already", () => {
    const winner = aCandidate("c1", { changed: [["VisibilityTimeout", "60", "30"]] });
    const text = plain({ answer: anAnswer({ candidates: [winner] }), next });
    expect(text).toContain("\nSettings: BatchSize=1, VisibilityTimeout=60\n");
  });

  it("breaks no setting's name to fit a column", () => {
    const candidates = [aCandidate("c1", { changed: [["ReportBatchItemFailures", "true", "false"]] })];
    for (const columns of [60, 80, 120]) {
      expect(plain({ answer: anAnswer({ candidates }), next }, columns)).toMatch(/│ .*ReportBatchItemFailures\b/);
    }
  });

  it("repeats the question, so that a slip of the pen is seen", () => {
    expect(flowing(holding)).toContain(
      "Asked: at most 1/s (tolerance 100 ms); 50 events a second for 20 s, 1,000 in all, once a day; a call takes 1 s; nothing may be lost; an event may wait 30 min; any order; duplicates do no harm.",
    );
  });

  it("has a reason for every family but the winner's", () => {
    const text = flowing(holding);
    for (const { way, reason } of holding.answer.families.slice(1)) expect(text).toContain(`${way.name}: ${reason}`);
    expect(text).not.toContain("✓ fifo-one-group:");
  });

  it("tells what the winner rests on, and how it was found", () => {
    const text = flowing(holding);
    expect(text).toContain("work: Holds while one event takes at least 0.9 s.");
    expect(text).toContain("2,612 simulations (2,700 planned) from seed 1 on AWS as of 2026");
  });

  it("names what the question gives in words", () => {
    const [rest] = holding.answer.winner!.rests;
    const winner = { candidate: "c7", rests: [{ ...rest!, on: "failureRate" }] };
    expect(flowing({ answer: anAnswer({ winner }), next: [] })).toContain("failure rate: Holds while");
  });

  it("ends with the command to type, in one piece where there is room", () => {
    expect(plain(holding, 120).trimEnd().split("\n").at(-1)).toBe(`  ${command}`);
    expect(plain(holding, 60).replace(/ \\\n */g, " ")).toContain(command);
  });

  it("says that an answer which ran out of time is not final", () => {
    const answer = anAnswer({ isFinal: false });
    expect(flowing({ answer, next })).toContain("Time was over after 2,612 of 2,700 simulations");
    expect(flowing(holding)).not.toContain("Time was over");
  });
});

describe("where nothing holds", () => {
  it("does not say so when time was over before the search was", () => {
    const text = flowing({ answer: { ...empty.answer, isFinal: false }, next: [] });
    expect(text).toContain("~ Nothing was found to hold before time was over. The nearest is fifo-one-group");
    expect(text).not.toMatch(/Nothing holds|Why none holds/);
  });

  it("says so first, with the nearest and what it breaks", () => {
    expect(flowing(empty)).toContain("✗ Nothing holds. The nearest is fifo-one-group");
    expect(flowing(empty)).toContain("the oldest event waits 19 min in the middle of 200 runs: over your 5 min.");
  });

  it("calls the nearest what harms neither the downstream nor an event, wherever it stands", () => {
    const [late, direct] = empty.answer.candidates;
    const answer = { ...empty.answer, candidates: [direct!, late!] };
    expect(flowing({ answer, next: [] })).toContain(
      "fifo-one-group (SNS → SQS → Lambda) with its own settings: the oldest event waits",
    );
    expect(flowing({ answer: { ...answer, candidates: [direct!] }, next: [] })).toContain(
      "The nearest is scenario-1 (",
    );
  });

  it("says what would do, each by itself", () => {
    expect(flowing(empty)).toContain("limit: A limit of 3.4/s would do. spike: A spike of 300 events would do.");
    expect(flowing(holding)).not.toContain("would have to give");
  });
});

describe.each([60, 80, 100, 120])("at %d columns", (columns) => {
  it.each([
    ["an answer", holding],
    ["no answer", empty],
  ])("no line of %s is wider", (_, recommendation) => {
    expect(widthOf(plain(recommendation, columns))).toBeLessThanOrEqual(columns);
  });

  it("every candidate of the short list has its mark, rank, figures and settings", () => {
    const text = plain(holding, columns);
    expect(text).toMatch(/✓ 1 fifo-one-group .* 19 min .* 0\.40/);
    expect(text).toMatch(/~ 2 scenario-4 .* 22 min .* 0\.38/);
    expect(text).toContain("MaxReceiveCount=1000");
    expect(text).toMatch(/✗ 4 scenario-1 .* 57 .* 0\.4 s/);
  });
});

it("has colours only where the terminal takes them", () => {
  const coloured = answerText(holding, { columns: 80, colour: true, details: false });
  expect(coloured).toContain("\u001b[");
  expect(plain(holding)).not.toContain("\u001b[");
});

describe("the drawing of wait and cost", () => {
  it("has each candidate by its rank, those that break something with a mark", () => {
    const plot = frontierLines(holding.answer, 80).slice(1, 13).join("\n");
    for (const label of ["1", "~2", "3", "✗4"]) expect(plot).toContain(label);
    // The dearest is the highest.
    expect(plot.indexOf("3")).toBeLessThan(plot.indexOf("✗4"));
  });

  it("labels candidates as SVG, with the peak of one that breaks the limit", () => {
    const svg = frontierDrawing(holding.answer);
    expect(svg).toContain(">1 fifo-one-group</text>");
    expect(svg).toContain(">4 scenario-1, peak 57</text>");
    expect(svg).toContain("PREDICTION (local, platform 2026, seed 1)");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("labels the best of each way, and lays no label over another", () => {
    const ways = ["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-4", "scenario-5"];
    const candidates = ways.map((way, index) => aCandidate(`c${index}`, { way }));
    const labels = [
      ...frontierDrawing(anAnswer({ candidates })).matchAll(/<text class="fill-(.*) y="([\d.]+)">\d (\S+)<\/text>/g),
    ];
    expect(labels.map(([, , , name]) => name)).toEqual([...new Set(ways)]);
    const places = labels.map(([, beginning, y]) => `${beginning!.includes(" end") ? "left" : "right"} ${y}`);
    expect(new Set(places).size).toBe(labels.length);
  });

  it.each([
    ["no wait at all", { waitOldestMs: 0 }],
    ["no cost at all", { costPerMonth: 0 }],
    ["a wait of weeks", { waitOldestMs: 9e9 }],
    ["a fortune", { costPerMonth: 5e6 }],
    ["no figure", { waitOldestMs: { median: 1, low: 1, high: 1 } }],
  ])("draws %s", (_, figures) => {
    const candidates = [aCandidate("c1", figures), aCandidate("c2", { ...figures, way: "scenario-4" })];
    const answer = anAnswer({ candidates });
    expect(frontierDrawing(answer)).not.toMatch(/NaN|Infinity|undefined/);
    expect(widthOf(frontierLines(answer, 80).join("\n"))).toBeLessThanOrEqual(80);
  });

  it("is left out where the figures of too few candidates are known", () => {
    const answer = anAnswer({ candidates: [aCandidate("c1")] });
    expect(plain({ answer, next })).not.toContain("Wait and cost");
  });
});

it("is Markdown with a table and the command to type", () => {
  const text = markdownText(answerDocument(holding), { details: false });
  expect(text).toMatch(/^### Recommendation\n\n\*\*PREDICTION/);
  expect(text).toContain("| way | keeps all in | peak calls/s |");
  expect(text).toContain(`\`\`\`sh\n${command}\n\`\`\``);
});

it("is JSON as the search gave it", () => {
  const json = answerFormats.find(({ name }) => name === "json");
  if (json === undefined || !("text" in json)) throw new Error("there is no JSON");
  expect(JSON.parse(json.text([holding], { columns: 80, colour: false, details: false }, ""))).toEqual(holding.answer);
});

it("is a page that asks for nothing, with answer, table, drawing and command", () => {
  const page = answerPage(holding);
  expect(page).not.toMatch(/<script|src=|href="http|url\(/);
  expect(page).toContain("✓ Use fifo-one-group (SNS → SQS → Lambda)");
  expect(page).toContain(`<pre>${command}</pre>`);
  expect(page.match(/<svg /g)).toHaveLength(1);
});
