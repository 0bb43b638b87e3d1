/** Searches what is left for planted secrets, in each form in which a program may have written one. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";

export interface Secret {
  name: string;
  value: string;
}

/** The forms of a secret that a text may hold; halves, because a line may be cut or wrapped in its middle. */
export function formsOf({ value }: Secret): Map<string, string> {
  const half = Math.ceil(value.length / 2);
  const bytes = Buffer.from(value);
  // Base64 shifts by the bytes before. The first and last characters hold bits of the neighbours.
  const shifted = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .slice(before === 0 ? 0 : 4)
      .replace(/.=*$/, ""),
  );
  const forms: [string, string][] = [
    ["plain", value],
    ["its first half", value.slice(0, half)],
    ["its second half", value.slice(half)],
    ["URL-encoded", encodeURIComponent(value)],
    ["form-encoded", new URLSearchParams({ v: value }).toString().slice(2)],
    ["JSON-escaped", JSON.stringify(value).slice(1, -1)],
    ["JSON-escaped twice", JSON.stringify(JSON.stringify(value)).slice(3, -3)],
    ["HTML-escaped", value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")],
    ["hex", bytes.toString("hex")],
    ["base64url", bytes.toString("base64url").slice(0, -1)],
    ...shifted.map((form, before): [string, string] => [`base64 after ${before} bytes`, form]),
  ];
  // Most forms of a plain word are the word itself, which is what it is called then.
  return new Map(forms.reverse().map(([name, form]) => [form, name]));
}

/** Names each secret that is in the text, with its form. */
export function leaksIn(text: string, secrets: readonly Secret[]): string[] {
  return secrets.flatMap((secret) => {
    const form = [...formsOf(secret)].find(([form]) => text.includes(form));
    return form === undefined ? [] : [`${secret.name}, ${form[1]}`];
  });
}

/** All files of a directory with their bytes as text, those that are packed unpacked. */
export function filesIn(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const path = join(directory, name);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    try {
      files.set(relative(directory, path), textOf(readFileSync(path)));
    } catch {
      // A file of the database that ends meanwhile.
    }
  }
  return files;
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return `${text}\n${gunzipSync(bytes).toString("latin1")}`;
  return [text, ...entriesOf(bytes)].join("\n");
}

/** The chunks of a PNG that hold packed text. */
function entriesOf(bytes: Buffer): string[] {
  const at = bytes.indexOf("zTXt");
  if (at === -1) return [];
  try {
    return [inflateSync(bytes.subarray(bytes.indexOf(0, at + 4) + 2)).toString("latin1")];
  } catch {
    return [];
  }
}
