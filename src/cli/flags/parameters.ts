/** `--parameters` as the AWS CLI has them: pairs in shorthand, `Name=value`, JSON, or a file of JSON. */
import { messageOf } from "../../errors.ts";
import { mostBytesOfText, parseJson, readUserText } from "../../files/user-file.ts";
import { badUsage, quoted } from "./values.ts";

/** The values of a template's parameters by their names. Some are secrets, so that no error quotes a value. */
export type Parameters = Readonly<Record<string, string>>;

const flag = "--parameters";
const example = "ParameterKey=Stage,ParameterValue=prod or Stage=prod";

/**
 * Puts the flag before each of several values that stand behind it, as the AWS CLI takes them: `--parameters A=1 B=2`. A word
 * without `=` is the next operand, such as the path of a template.
 */
export function spreadParameters(argv: readonly string[]): string[] {
  const spread: string[] = [];
  let isBehindFlag = false;
  for (const [index, word] of argv.entries()) {
    const isFirst = argv[index - 1] === flag;
    const isFurther: boolean = isBehindFlag && !isFirst && !word.startsWith("-") && /^[^/\s]+=/.test(word);
    isBehindFlag = word === flag || isFirst || isFurther;
    spread.push(...(isFurther ? [flag, word] : [word]));
  }
  return spread;
}

/** All that was typed behind the flag; the later of two values for one name counts. Throws `bad-usage`. */
export function readParameters(typed: readonly string[]): Parameters {
  return Object.fromEntries(typed.flatMap(pairsIn));
}

type Pair = [name: string, value: string];

function pairsIn(typed: string): Pair[] {
  const text = typed.trim();
  if (text.startsWith("file://")) return pairsInFile(text.slice("file://".length));
  if (/^[[{]/.test(text)) return pairsInJson(text, "as it was typed");
  if (/^(ParameterKey|ParameterValue|UsePreviousValue|ResolvedValue)=/.test(text)) {
    // SAM's command line takes several in one word.
    return wordsIn(text).map(pairInShorthand);
  }
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const file = /\.json$/i.test(text) ? ` For a file write ${flag} file://${text}.` : "";
    throw badUsage(`${flag} ${quoted(typed)} has no name and value; write it as ${example}.${file}`);
  }
  return [[name, value]];
}

function pairsInFile(path: string): Pair[] {
  let text: string;
  try {
    text = readUserText(path, mostBytesOfText);
  } catch (cause) {
    throw badUsage(`${flag} file://${path} cannot be read (${messageOf(cause)}); check the path.`);
  }
  return pairsInJson(text, `file://${path}`);
}

/** A list as `create-stack` takes it, a list of `Name=value` as `deploy` takes it, or an object of values, by itself or below `Parameters`. */
function pairsInJson(text: string, where: string): Pair[] {
  let root: unknown;
  try {
    root = parseJson(text);
  } catch (cause) {
    throw badUsage(`${flag} ${where} cannot be read (${messageOf(cause)}); mend it.`);
  }
  if (Array.isArray(root)) return root.flatMap((each, index) => pairInList(each, index, where));
  if (!isObject(root)) throw badUsage(`${flag} ${where} is no list and no object; write it as {"Stage": "prod"}.`);
  const values = isObject(root.Parameters) ? root.Parameters : root;
  return Object.entries(values).map(([name, value]) => [name, textOf(value, name, where)]);
}

function pairInList(each: unknown, index: number, where: string): Pair[] {
  if (typeof each === "string") return pairsIn(each);
  if (!isObject(each) || typeof each.ParameterKey !== "string") {
    throw badUsage(
      `${flag} ${where}: entry ${index + 1} has no ParameterKey; write it as {"ParameterKey": "Stage", "ParameterValue": "prod"}.`,
    );
  }
  const name = each.ParameterKey;
  if (each.UsePreviousValue === true) throw previousValue(name);
  if (each.ParameterValue === undefined) throw noValue(name);
  return [[name, textOf(each.ParameterValue, name, where)]];
}

function textOf(value: unknown, name: string, where: string): string {
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(",");
  throw badUsage(
    `${flag} ${where}: ${name} is ${value === null ? "null" : "a map, or a list of other things"}; give a text, a number, or a list of texts.`,
  );
}

/** Divides at spaces that no quotes are around. */
function wordsIn(text: string): string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+/gs) ?? [];
}

/** `ParameterKey=Name,ParameterValue="a, b"`: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html */
function pairInShorthand(text: string): Pair {
  const fields = new Map<string, string>();
  for (const field of fieldsIn(text)) {
    const [, key, value] = /^(\w+)=(.*)$/s.exec(field) ?? [];
    if (key === undefined || value === undefined) {
      throw badUsage(
        `${flag}: a part of ${fields.get("ParameterKey") ?? "a pair"} has no name; a comma in a value is written as \\, or within quotes.`,
      );
    }
    fields.set(key, unquoted(value));
  }
  const name = fields.get("ParameterKey");
  if (name === undefined || name === "") {
    throw badUsage(`${flag}: a pair has no ParameterKey; write it as ${example}.`);
  }
  if (fields.get("UsePreviousValue")?.toLowerCase() === "true") throw previousValue(name);
  const value = fields.get("ParameterValue");
  if (value === undefined) throw noValue(name);
  return [name, value];
}

/** Divides at commas that are neither escaped nor within quotes. */
function fieldsIn(text: string): string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^,])+/gs) ?? [];
}

function unquoted(value: string): string {
  const [, quote, within] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  return within === undefined ? value.replace(/\\(.)/gs, "$1") : within.replaceAll(`\\${quote}`, quote!);
}

function previousValue(name: string): Error {
  return badUsage(`${flag}: ${name} has no previous value here, because nothing is deployed; give its ParameterValue.`);
}

function noValue(name: string): Error {
  return badUsage(`${flag}: ${name} has no ParameterValue; write it as ParameterKey=${name},ParameterValue=….`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
