/** The text of a template of somebody's own: a file, a directory such as cdk.out, or what a pipe brings. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "../../errors.ts";
import { mostBytesOfPlan, readDescriptor, readUserFile } from "../../files/user-file.ts";
import { onOneLine } from "../../printable.ts";
import { badUsage } from "../flags/values.ts";
import { cdkStacksIn } from "./cdk-output.ts";

/** The name of what a pipe brings. */
export const pipe = "-";

export interface SourceText {
  /** as errors name it */
  file: string;
  text: string;
  /** of the other stacks that CDK wrote beside it, where it imports anything */
  beside?: SourceText[];
}

/** In a directory that is none of CDK's, the first of these that is there is read. */
const namesInDirectory = [
  ...["template.yaml", "template.yml", "template.json"],
  ...["serverless.yml", "serverless.yaml", "serverless.json"],
];

/** @throws BenchError `bad-usage` for what cannot be read, or is no text */
export function readSource(path: string): SourceText {
  if (path === pipe) return { file: "stdin", text: textOf(readPiped(), "stdin") };
  if (isDirectory(path)) return readDirectory(path);
  const text = textOf(readBytes(path), path);
  return { file: path, text, ...(text.includes("Fn::ImportValue") && { beside: stacksBeside(path) }) };
}

/** The templates that `cdk synth` wrote into the same directory. */
function stacksBeside(path: string): SourceText[] {
  const files = cdkStacksIn(dirname(path)).map(({ file }) => file);
  const others = files.filter((file) => resolve(file) !== resolve(path) && existsSync(file));
  return others.map((file) => ({ file, text: textOf(readBytes(file), file) }));
}

function readBytes(path: string): Buffer {
  try {
    return readUserFile(path, mostBytesOfPlan);
  } catch (cause) {
    throw badUsage(`The template ${path} cannot be read (${messageOf(cause)}); check the path.`);
  }
}

function readPipe(): Buffer {
  if (process.stdin.isTTY) {
    throw badUsage("Nothing is piped in; write it as `cdk synth | throttle-bench init --from -`, or give a file.");
  }
  try {
    return readDescriptor(0, mostBytesOfPlan);
  } catch (cause) {
    throw badUsage(`stdin cannot be read (${messageOf(cause)}); give a file.`);
  }
}

/** An app of several stacks makes `cdk synth` print nothing, unless one of them is named. */
function readPiped(): Buffer {
  const bytes = readPipe();
  if (bytes.length > 0) return bytes;
  throw badUsage(
    "Nothing came through the pipe; `cdk synth` prints a template only where the app has one stack, or where one is named, as in `cdk synth Orders | throttle-bench init --from -`.",
  );
}

/** UTF-8, or UTF-16 as PowerShell writes what a command prints. */
function textOf(bytes: Buffer, file: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : null;
  const text = new TextDecoder(encoding ?? "utf-8").decode(bytes);
  if (text.trim() === "") throw badUsage(`${file} is empty; give a template.`);
  if (text.includes("\0")) throw badUsage(`${file} is no text; give a template in YAML or JSON.`);
  return text;
}

/** The stack's template in CDK's output; several stacks are for the user to choose from. */
function readDirectory(directory: string): SourceText {
  const within = join(directory, "cdk.out");
  // CDK's output has a file of the same name in it.
  const output = isDirectory(within) ? within : directory;
  const stacks = cdkStacksIn(output);
  if (stacks.length === 1) return readSource(stacks[0]!.file);
  if (stacks.length > 1) {
    const list = stacks.map(({ name, file }) => `\n  ${onOneLine(`${file} (stack ${name})`)}`).join("");
    const head = onOneLine(`${output} has the templates of ${stacks.length} stacks; give one of them:`);
    throw badUsage(head + list, { isList: true });
  }
  const names = namesIn(directory);
  // A tool's own file is read, too, so that it is said what the tool makes of it.
  const found =
    [...namesInDirectory, "cdk.json"].find((name) => names.includes(name)) ??
    names.find((name) => name.endsWith(".tf"));
  if (found !== undefined) return readSource(join(directory, found));
  throw badUsage(
    `The directory ${directory} has no *.template.json of CDK and none of ${namesInDirectory.join(", ")}; give the file.`,
  );
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw badUsage(`The directory ${directory} cannot be read (${messageOf(cause)}); check the path.`);
  }
}

/** True for what stands in the file system, or at least looks as if it should, rather than for a scenario's name. */
export function isPath(what: string): boolean {
  return what === pipe || /[\\/]|\.(ya?ml|json|template|tf|tfplan|toml|ts|js|py)$/i.test(what) || isDirectory(what);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
