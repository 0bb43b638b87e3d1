/** Scenarios for people, as a table and a page, and for programs, as plain data. */
import Table from "cli-table3";
import type { Ignored, Parameter, PublishedResult, Scenario } from "../model.ts";
import { ignoredLine } from "../reports/ignored.ts";
import { widthOf, wrap } from "../reports/text.ts";
import { namesOf } from "../scenarios/catalogue.ts";
import { boundsOf, settingsIn } from "../scenarios/settings.ts";
import { shownParameter } from "../template/secrets.ts";

/** The width that each column of a table adds: a space on both sides and a border. */
const cellPadding = 3;

/** Everything that a template says, without its text. */
export function scenarioFacts(scenario: Scenario) {
  const { name, alias, title, summary, topology, limit, claims, whenToUse, pros, cons } = scenario;
  const { published, templateHash } = scenario;
  const said = { name, alias, title, summary, topology, limit, claims, whenToUse, pros, cons };
  return { ...said, settings: settingsIn(scenario).map(shownParameter), published, templateHash };
}

/** One row for each scenario: its names, what it is, and when to use it. */
export function scenarioTable(scenarios: readonly Scenario[], columns: number): string {
  const names = scenarios.map(({ name, alias }) => (alias === null ? name : `${name}\n${alias}`));
  const fixed = Math.max(...names.map(widthOf)) + 3 * cellPadding + 1;
  const room = Math.max(20, Math.floor((columns - fixed) / 2));
  return draw(
    ["scenario", "what it is", "when to use it"],
    scenarios.map(({ title, whenToUse }, index) => [
      names[index]!,
      wrap(title, room).join("\n"),
      wrap(whenToUse ?? "", room).join("\n"),
    ]),
  );
}

/** One scenario in full. */
export function scenarioPage(scenario: Scenario, columns: number, ignored: Ignored | null): string {
  const { title, summary, claims, whenToUse, pros, cons, published } = scenario;
  const points = (sign: string, lines: string[]) => lines.flatMap((line) => wrap(`${sign} ${line}`, columns, "  "));
  const ignoredText = ignoredLine(ignored);
  const parts = [
    [...wrap(`${namesOf(scenario)} · ${title}`, columns), `Path: ${pathOf(scenario)}`],
    summary === "" ? [] : wrap(summary, columns),
    [...points("+", pros), ...points("-", cons)],
    [
      ...(whenToUse === null ? [] : wrap(`When to use it: ${whenToUse}`, columns)),
      ...(claims.length === 0 ? [] : wrap(`Claims: ${claims.join(", ")}.`, columns)),
    ],
    [
      "Settings (change one with --set Name=value)",
      ...settingsIn(scenario).flatMap((each) => settingLines(shownParameter(each), columns)),
    ],
    ignoredText === null ? [] : wrap(ignoredText, columns),
    published ? publishedLines(published, columns) : ["There is no published result."],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function pathOf({ topology }: Scenario): string {
  return topology.join(" → ");
}

function settingLines(setting: Parameter, columns: number): string[] {
  const bounds = boundsOf(setting);
  const head = `  ${setting.name} = ${setting.default ?? "(has to be given)"}${bounds === "" ? "" : ` (${bounds})`}`;
  const description = setting.description ? [`    ${setting.description}`] : [];
  return [head, ...description].flatMap((line) => {
    const indent = line.slice(0, line.search(/\S/));
    return wrap(line, columns - indent.length).map((text) => indent + text);
  });
}

function publishedLines(published: PublishedResult, columns: number): string[] {
  const { insertsPerSecond: rate } = published;
  return [
    ...wrap(`Published result (${published.source}; AWS of ${published.platform})`, columns, "  "),
    draw(
      ["Total Events", "Completed", "Failed", "Time Taken", "Max. Concurrency", "Inserts/s avg · max · min"],
      [
        [
          String(published.totalEvents),
          String(published.eventsCompleted),
          String(published.eventsFailed),
          `${published.timeTakenSeconds} s`,
          String(published.maxConcurrency),
          `${rate.avg} · ${rate.max} · ${rate.min}`,
        ],
      ],
    ),
    ...published.notes.flatMap((note) => wrap(`* ${note}`, columns, "  ")),
  ];
}

function draw(head: string[], rows: string[][]): string {
  // The library colours by itself, also into pipes, unless it is told not to.
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  return table.toString();
}
