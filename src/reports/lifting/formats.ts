/** The formats of a lifting that have a flag; without one it is printed for a terminal. */
import { pathInWords } from "../../systems/event-path.ts";
import type { FileFormat, Format, Options, TextFormat } from "../format.ts";
import { article } from "../media/html.ts";
import { markdownText } from "../media/markdown.ts";
import { terminalText } from "../media/terminal.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { type LiftingView, liftingDocument } from "./document.ts";

/** So wide are the comments of a scenario. */
const commentColumns = 110;
/** A command is broken where the page ends. */
const style = "pre{white-space:pre-wrap;overflow-wrap:anywhere}@media (max-width:40rem){.pairs{display:block}}";

export function liftingText(view: LiftingView, options: Options): string {
  return terminalText(liftingDocument(view), options);
}

/** The same as comments above the scenario. */
export function commentedScenario(view: LiftingView): string {
  const account = liftingText(view, { columns: commentColumns, colour: false, details: false });
  const comments = account.split("\n").map((line) => `# ${line}`.trimEnd());
  return `${comments.join("\n")}\n\n${view.lifted.text}`;
}

const liftingJson: TextFormat<LiftingView> = {
  name: "json",
  help: "print the scenario and what was taken as JSON",
  text: ([view]) => JSON.stringify(factsOf(view!), null, 2),
};

const liftingMarkdown: TextFormat<LiftingView> = {
  name: "markdown",
  help: "print what was taken as Markdown",
  text: ([view], options) => markdownText(liftingDocument(view!), options),
};

const liftingHtml: FileFormat<LiftingView> = {
  name: "html",
  help: "also write what was taken as one self-contained page",
  value: "file",
  files: ([view], path) => [{ path, content: `${liftingPage(view!)}\n` }],
};

export const liftingFormats: readonly Format<LiftingView>[] = [liftingJson, liftingMarkdown, liftingHtml];

function factsOf({ format, file, lifted, unread, advice, next }: LiftingView) {
  const { path, taken, defaulted, assumed, leftOut, text } = lifted;
  const settings = Object.fromEntries(
    [...taken, ...defaulted, ...assumed].flatMap(({ setting, value }) => (setting === null ? [] : [[setting, value]])),
  );
  const account = { taken, defaulted, assumed, unread: [...lifted.unread, ...unread], leftOut };
  return {
    format,
    file,
    path: { words: pathInWords(path), ...path },
    settings,
    ...account,
    advice,
    next,
    scenario: text,
  };
}

function liftingPage(view: LiftingView): string {
  const title = `${view.file}: ${pathInWords(view.lifted.path)}`;
  const body = [
    `<header><h1>throttle-bench: ${escaped(title)}</h1></header>`,
    "<main>",
    ...liftingDocument(view).sections.map((section, index) => article(section, `part-${index}`)),
    "</main>",
  ];
  return page(`throttle-bench init: ${title}`, style, body, "still");
}
