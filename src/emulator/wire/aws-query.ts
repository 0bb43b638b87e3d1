/** The awsQuery protocol: a form with dotted names in, XML out. CloudFormation and SNS speak nothing else, older clients of SQS and CloudWatch neither. */
import type { Dialect, Flattened } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { bytesOf, textOf } from "./message.ts";
import { faultOf, type Protocol } from "./protocol.ts";

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function awsQuery(dialect: Dialect): Protocol {
  const reply = (statusCode: number, root: string, content: string, requestId: string) => ({
    statusCode,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: bytesOf(`<${root} xmlns="${dialect.xmlNamespace ?? ""}">${content}</${root}>`),
  });
  return {
    read({ body }) {
      const form = formIn(body);
      const operation = form.get("Action") ?? "";
      const { Action: _action, Version: _version, ...input } = structureOf(form, dialect.flattened?.(operation));
      return { operation, input };
    },

    write(operation, output, requestId) {
      const result = element(`${operation}Result`, output, dialect.flattened?.(operation));
      return reply(
        200,
        `${operation}Response`,
        `${result}${element("ResponseMetadata", { RequestId: requestId })}`,
        requestId,
      );
    },

    fail(error, requestId) {
      const content = element("Error", {
        Type: faultOf(error),
        Code: dialect.queryCodes?.[error.code] ?? error.code,
        Message: error.message,
        ...error.members,
      });
      return reply(error.statusCode, "ErrorResponse", `${content}${element("RequestId", requestId)}`, requestId);
    },
  };
}

/** The most fields of a form: 500 queries of CloudWatch's have not so many. */
const mostFields = 50_000;
/** The most parts of a field's name: none that AWS publishes has so many. */
const mostParts = 32;

/** @throws ServiceError `MalformedInput`, as AWS calls what does not fit the protocol. */
function formIn(body: Uint8Array): URLSearchParams {
  const text = textOf(body);
  let fields = 1;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) fields++;
  if (fields > mostFields) throw malformed(`The request has more than ${mostFields} fields`);
  const form = new URLSearchParams(text);
  for (const name of form.keys()) {
    if (name.split(".", mostParts + 1).length > mostParts) {
      throw malformed(`The name of a field has more than ${mostParts} parts`);
    }
  }
  return form;
}

function malformed(message: string): ServiceError {
  return new ServiceError("MalformedInput", message);
}

/** A form's names split at their dots: a tree whose leaves are text. */
type Node = string | Map<string, Node>;

/**
 * The form as a structure: `A.member.1.B=x` is `{ A: [{ B: "x" }] }`, and `A.entry.1.key=k&A.entry.1.value=v` is `{ A: { k: "v" } }`.
 * With `{ As: "A" }` flattened, `A.1=x` is `{ As: ["x"] }`, and `A.1.Name=k&A.1.Value=v` is `{ As: { k: "v" } }`.
 */
export function structureOf(form: Iterable<[string, string]>, flattened: Flattened = {}): Record<string, unknown> {
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
  const members = new Map(Object.entries(flattened).map(([member, name]) => [name, member]));
  return membersOf(root, members);
}

/** `members`: of the names that are flattened lists or maps, what the members are called. */
function membersOf(node: Map<string, Node>, members: ReadonlyMap<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    [...node].map(([name, part]) => {
      const member = part instanceof Map && isNumbered(part) ? members.get(name) : undefined;
      return member === undefined
        ? [name, dataOf(part, members)]
        : [member, flattenedOf(part as Map<string, Node>, members)];
    }),
  );
}

function flattenedOf(numbered: Map<string, Node>, members: ReadonlyMap<string, string>): unknown {
  const list = listOf(numbered);
  const isMap = list.every((node) => node instanceof Map && node.has("Name") && node.has("Value"));
  return isMap
    ? Object.fromEntries(list.map((node) => entryOf(node, members)))
    : list.map((node) => dataOf(node, members));
}

function dataOf(node: Node, members: ReadonlyMap<string, string>): unknown {
  if (typeof node === "string") return node;
  const [name, only] = node.size === 1 ? [...node][0]! : [];
  if (only instanceof Map && isNumbered(only)) {
    if (name === "member") return listOf(only).map((each) => dataOf(each, members));
    if (name === "entry") return Object.fromEntries(listOf(only).map((each) => entryOf(each, members)));
  }
  if (isNumbered(node)) return listOf(node).map((each) => dataOf(each, members));
  return membersOf(node, members);
}

function isNumbered(node: Map<string, Node>): boolean {
  return [...node.keys()].every((key) => /^[1-9]\d*$/.test(key));
}

function listOf(numbered: Map<string, Node>): Node[] {
  return [...numbered].sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node);
}

/** SNS calls an entry's parts Name and Value where other services say key and value. */
function entryOf(node: Node, members: ReadonlyMap<string, string>): [string, unknown] {
  const parts = typeof node === "string" ? new Map<string, Node>() : node;
  const key = parts.get("key") ?? parts.get("Name");
  const value = parts.get("value") ?? parts.get("Value");
  return [typeof key === "string" ? key : "", value === undefined ? undefined : dataOf(value, members)];
}

/** An element by its value's type; an absent value is no element. A flattened list or map is an element for each of its own. */
export function element(name: string, value: unknown, flattened: Flattened = {}): string {
  if (value === undefined || value === null) return "";
  const flat = flattened[name];
  if (flat !== undefined && Array.isArray(value)) return value.map((each) => element(flat, each, flattened)).join("");
  if (flat !== undefined && value instanceof Map) {
    return [...value].map(([Name, Value]) => element(flat, { Name, Value }, flattened)).join("");
  }
  return `<${name}>${contentOf(value, flattened)}</${name}>`;
}

function contentOf(value: unknown, flattened: Flattened): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((each) => element("member", each, flattened)).join("");
  if (value instanceof Map) {
    return [...value].map(([key, each]) => element("entry", { key, value: each }, flattened)).join("");
  }
  if (typeof value !== "object" || value === null) return escaped(String(value));
  return Object.entries(value)
    .map(([member, each]) => element(member, each, flattened))
    .join("");
}

/** A carriage return has to be escaped too, or the reader makes a line feed of it. */
function escaped(text: string): string {
  return text.replace(noCharacter, "\ufffd").replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** XML has none of these characters, escaped or not: https://www.w3.org/TR/xml/#charsets */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const noCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
