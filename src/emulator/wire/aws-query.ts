/** The awsQuery protocol: a form with dotted names in, XML out. CloudFormation and SNS speak nothing else. */
import { bytesOf, textOf } from "./message.ts";
import { type Dialect, faultOf, type Protocol } from "./protocol.ts";

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function awsQuery(dialect: Dialect): Protocol {
  const reply = (statusCode: number, root: string, content: string, requestId: string) => ({
    statusCode,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: bytesOf(`<${root} xmlns="${dialect.xmlNamespace}">${content}</${root}>`),
  });
  return {
    read({ body }) {
      const { Action = "", Version: _version, ...input } = structureOf(new URLSearchParams(textOf(body)));
      return { operation: String(Action), input };
    },

    write(operation, output, requestId) {
      const result = element(`${operation}Result`, output);
      return reply(200, `${operation}Response`, `${result}${metadata(requestId)}`, requestId);
    },

    fail(error, requestId) {
      const content = element("Error", {
        Type: faultOf(error),
        Code: dialect.queryCodes[error.code] ?? error.code,
        Message: error.message,
        ...error.members,
      });
      return reply(error.statusCode, "ErrorResponse", `${content}${element("RequestId", requestId)}`, requestId);
    },
  };
}

function metadata(requestId: string): string {
  return element("ResponseMetadata", { RequestId: requestId });
}

/** A form's names split at their dots: a tree whose leaves are text. */
type Node = string | Map<string, Node>;

/** The form as a structure: `A.member.1.B=x` is `{ A: [{ B: "x" }] }`, and `A.entry.1.key=k&A.entry.1.value=v` is `{ A: { k: "v" } }`. */
export function structureOf(form: Iterable<[string, string]>): Record<string, unknown> {
  const root = new Map<string, Node>();
  for (const [name, value] of form) {
    const path = name.split(".");
    const last = path.pop()!;
    let node = root;
    for (const part of path) {
      let next = node.get(part);
      if (!(next instanceof Map)) {
        next = new Map();
        node.set(part, next);
      }
      node = next;
    }
    node.set(last, value);
  }
  return Object.fromEntries([...root].map(([name, node]) => [name, dataOf(node)]));
}

function dataOf(node: Node): unknown {
  if (typeof node === "string") return node;
  const [name, only] = node.size === 1 ? [...node][0]! : [];
  if (only instanceof Map && isNumbered(only)) {
    if (name === "member") return listOf(only).map(dataOf);
    if (name === "entry") return Object.fromEntries(listOf(only).map(entryOf));
  }
  if (isNumbered(node)) return listOf(node).map(dataOf);
  return Object.fromEntries([...node].map(([name, member]) => [name, dataOf(member)]));
}

function isNumbered(node: Map<string, Node>): boolean {
  return [...node.keys()].every((key) => /^[1-9]\d*$/.test(key));
}

function listOf(numbered: Map<string, Node>): Node[] {
  return [...numbered].sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node);
}

/** SNS calls an entry's parts Name and Value where other services say key and value. */
function entryOf(node: Node): [string, unknown] {
  const parts = typeof node === "string" ? new Map<string, Node>() : node;
  const key = parts.get("key") ?? parts.get("Name");
  const value = parts.get("value") ?? parts.get("Value");
  return [typeof key === "string" ? key : "", value === undefined ? undefined : dataOf(value)];
}

/** An element by its value's type; an absent value is no element. */
export function element(name: string, value: unknown): string {
  return value === undefined || value === null ? "" : `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((each) => element("member", each)).join("");
  if (value instanceof Map) return [...value].map(([key, each]) => element("entry", { key, value: each })).join("");
  if (typeof value !== "object" || value === null) return escaped(String(value));
  return Object.entries(value)
    .map(([member, each]) => element(member, each))
    .join("");
}

/** A carriage return has to be escaped too, or the reader makes a line feed of it. */
function escaped(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
