/** Parts of the documents that can go stale by themselves: links, commands, flags and scripts. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

export interface Document {
  /** From the package's root. */
  file: string;
  text: string;
}

const fences = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The documents of the package, in folders that hold sources. The working directory is the package's root. */
export function documents(): Document[] {
  const folders = [".github", "infra", "src", "test"];
  const nested = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
  );
  const files = ["README.md", ...nested].filter((file) => file.endsWith(".md"));
  return files.sort().map((file) => ({ file, text: readFileSync(file, "utf8") }));
}

export function isReadme({ file }: Document): boolean {
  return basename(file) === "README.md";
}

/** Where the document links to beside the web, as it is written: by Markdown, or by a picture's markup. */
export function linksIn({ text }: Document): string[] {
  const prose = withoutBlocks(text);
  const links = [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)],
    ...[...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)],
  ].map(([, link]) => link!);
  return links.filter((link) => !/^(https?|mailto):/.test(link));
}

/** The headings as GitHub anchors them. */
export function anchorsIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The words behind `throttle-bench` in each command, in blocks and between the lines. One with an ellipsis stands for others. */
export function commandsIn({ text }: Document): string[][] {
  const told = [...proseIn(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...linesOfBlocks(text), ...told]
    .flatMap((line) => wordsOf(line))
    .filter(([program]) => program === "throttle-bench")
    .map(([, ...words]) => words)
    .filter((words) => words.length > 0 && !words.includes("…"));
}

/** The flags that are named by themselves, each with its value where it has one. */
export function flagsIn({ text }: Document): string[] {
  return [...proseIn(text).matchAll(/`(--[^`\n]+)`/g)].map(([, flag]) => flag!);
}

/** Configuration files that are shown. */
export function configurationsIn({ text }: Document): string[] {
  return [...text.matchAll(fences)].filter(([, language]) => language === "yaml").map(([, , block]) => block!);
}

/** The scripts that `npm run` is told. */
export function scriptsIn({ text }: Document): string[] {
  return [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, script]) => script!);
}

/** A block by its indentation stands after an empty line, and is no part of a list. */
const indented = /(?<=\n\n(?![-*\d]))(?: {4}.*\n)+/g;

function withoutBlocks(text: string): string {
  return text.replace(fences, "");
}

function proseIn(text: string): string {
  return withoutBlocks(text).replace(indented, "");
}

function linesOfBlocks(text: string): string[] {
  const shells = [...text.matchAll(fences)].filter(([, language]) => language === "sh").map(([, , block]) => block!);
  const others = [...withoutBlocks(text).matchAll(indented)].map(([block]) => block);
  return [...shells, ...others].flatMap((block) => block.replaceAll("\\\n", " ").split("\n"));
}

/** The words of each command in a line, as a shell takes them: without comments, quotes, redirections, and what calls the program. */
function wordsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (token.startsWith("#")) break;
    if (/^(&&|\|\|?|;)$/.test(token)) commands.push([]);
    else commands.at(-1)!.push(token.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
  }
  return commands.map((words) => {
    const called = words[0] === "npx" ? words.slice(1) : words;
    const redirection = called.findIndex((word) => /^\d?>>?/.test(word));
    return redirection === -1 ? called : called.slice(0, redirection);
  });
}
