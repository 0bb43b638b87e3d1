/** The formats of a recommendation that have a flag; without one it is printed for a terminal. */
import type { Answer } from "../../simulation/search/answer.ts";
import { pathInWords } from "../../systems/event-path.ts";
import type { FileFormat, Format, Options, TextFormat } from "../format.ts";
import { article } from "../media/html.ts";
import { markdownText } from "../media/markdown.ts";
import { terminalText } from "../media/terminal.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { pictureStyle } from "../pictures/svg.ts";
import { answerDocument, type Recommendation } from "./document.ts";
import { frontierDrawing } from "./frontier.ts";
import { ownStanding } from "./own.ts";

/** A term stands above its sentence on a phone, and a command is broken where the page ends. */
const style = "pre{white-space:pre-wrap;overflow-wrap:anywhere}@media (max-width:40rem){.pairs{display:block}}";

export function answerText(recommendation: Recommendation, options: Options): string {
  return terminalText(answerDocument(recommendation), options);
}

const answerJson: TextFormat<Recommendation> = {
  name: "json",
  help: "print the answer as JSON",
  text: ([recommendation]) => JSON.stringify(factsOf(recommendation!), null, 2),
};

/** The answer, and how a system of the user's own stands in it. */
function factsOf({ answer, own }: Recommendation) {
  if (own === undefined) return answer;
  const { asItIs, changed, sameEntry, other } = ownStanding(answer, own);
  const { file, lifted, isWorkAssumed } = own;
  const idOf = (candidate: Answer["candidates"][number] | null) => candidate?.id ?? null;
  return {
    ...answer,
    own: {
      file,
      path: pathInWords(lifted.path),
      isWorkAssumed,
      holds: asItIs === null ? null : asItIs.standing !== "breaks",
      asItIs: idOf(asItIs),
      changed: changed && { candidate: changed.candidate.id, changes: changed.changes },
      sameEntry: idOf(sameEntry),
      other: idOf(other),
    },
  };
}

const answerMarkdown: TextFormat<Recommendation> = {
  name: "markdown",
  help: "print Markdown",
  text: ([recommendation], options) => markdownText(answerDocument(recommendation!), options),
};

const answerHtml: FileFormat<Recommendation> = {
  name: "html",
  help: "also write one self-contained page",
  value: "file",
  files: ([recommendation], path) => [{ path, content: `${answerPage(recommendation!)}\n` }],
};

const frontierSvg: FileFormat<Recommendation> = {
  name: "svg",
  help: "also write a picture of wait and cost of every candidate",
  value: "file",
  files: ([recommendation], path) => [{ path, content: `${frontierDrawing(recommendation!.answer)}\n` }],
};

export const answerFormats: readonly Format<Recommendation>[] = [answerJson, answerMarkdown, answerHtml, frontierSvg];

export function answerPage(recommendation: Recommendation): string {
  const { limit, spike } = recommendation.answer.question;
  const title = `${limit} from spikes of ${spike.rate}/s`;
  const body = [
    `<header><h1>throttle-bench: ${escaped(title)}</h1></header>`,
    "<main>",
    ...answerDocument(recommendation).sections.map((section, index) => article(section, `part-${index}`)),
    "</main>",
  ];
  return page(`throttle-bench recommend: ${title}`, `${pictureStyle("system")}${style}`, body, "still");
}
