/** A question in a file: its fields are the flags of `recommend` in camel case, and are read as these are. */
import { messageOf } from "../../errors.ts";
import { mostBytesOfText, readUserText } from "../../files/user-file.ts";
import { nearest } from "../../template/nearest.ts";
import type { Flag } from "./flag.ts";
import { badUsage } from "./values.ts";

/**
 * The values of a YAML or JSON file's fields, by the readings of `known`. Throws `bad-usage` with the file and the line for a field that
 * there is not, one that is there twice, and a value that its flag would not take.
 */
export async function readQuestionFile<Known extends Record<string, Flag>>(
  path: string,
  known: Known,
): Promise<Record<string, unknown>> {
  // The bundle has a CommonJS package as its default only.
  const { default: yaml } = await import("yaml");
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(textOf(path), { lineCounter: lines });
  const placeOf = (offset = 0) => `${path}, line ${lines.linePos(offset).line}`;
  const [fault] = document.errors;
  if (fault?.code === "MULTIPLE_DOCS") throw badUsage(`${path} holds several questions; ask one at a time.`);
  if (fault?.code === "DUPLICATE_KEY")
    throw badUsage(`${placeOf(fault.pos[0])}: ${fault.message.split(/ at line|\n/)[0]}; mend that.`);
  // The parser's own words may quote a file that was named by mistake.
  if (fault) throw badUsage(`${placeOf(fault.pos[0])} is neither YAML nor JSON; mend that.`);
  const { contents } = document;
  if (!yaml.isMap(contents)) throw badUsage(`${path} holds no question; write fields such as limit: 1/s, one a line.`);
  const values: Record<string, unknown> = {};
  for (const { key, value } of contents.items) {
    const name = yaml.isScalar(key) ? String(key.value) : "";
    const place = placeOf(yaml.isNode(key) ? key.range?.[0] : 0);
    if (!Object.hasOwn(known, name)) throw unknownField(place, name, Object.keys(known));
    values[name] = readAll(known[name]!, typedIn(value), `${place}: ${name}`);
  }
  return values;

  /** A list's entries, a map's as `name=value`, or the one value that there is, each as it would be typed. */
  function typedIn(value: unknown): string[] {
    const entries = yaml.isSeq(value)
      ? value.items.map((item) => scalarText(item))
      : yaml.isMap(value)
        ? value.items.map((pair) => joinedText(scalarText(pair.key), scalarText(pair.value)))
        : [scalarText(value)];
    return entries.filter((entry) => entry !== null);
  }

  /** null: nothing that could be typed. */
  function scalarText(node: unknown): string | null {
    if (!yaml.isScalar(node) || node.value === null) return null;
    return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  }
}

function joinedText(name: string | null, value: string | null): string | null {
  return name === null || value === null ? null : `${name}=${value}`;
}

/** A flag that may be repeated takes each; a list for any other is one text with commas. */
function readAll({ read, repeats, takes }: Flag, typed: readonly string[], place: string): unknown {
  if (typed.length === 0) throw badUsage(`${place} has no value; give ${takes}, or leave the field out.`);
  return repeats ? typed.map((one) => read!(one, place)) : read!(typed.join(","), place);
}

function unknownField(place: string, name: string, known: readonly string[]) {
  const suggestion = nearest(name, known);
  // A file that was named by mistake may hold anybody's secrets.
  return suggestion === null
    ? badUsage(`${place} begins with no field of a question; there are ${known.join(", ")}.`)
    : badUsage(`${place}: ${JSON.stringify(name)} is no field of a question; did you mean ${suggestion}?`);
}

function textOf(path: string): string {
  try {
    return readUserText(path, mostBytesOfText);
  } catch (cause) {
    throw badUsage(`The question ${path} cannot be read (${messageOf(cause)}); check the path.`);
  }
}
