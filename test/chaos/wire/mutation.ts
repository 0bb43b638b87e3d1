/** Makes hostile requests of valid ones: each member in turn may be missing, doubled, renamed, of another type or of another size. */
import { type Random, randomStream } from "../../../src/emulator/kernel/random.ts";
import { bytesOf, textOf, type WireRequest } from "../../../src/emulator/wire/message.ts";

export type { Random };

export const randomOf = (seed: number): Random => randomStream(seed, "wire fuzz");

/** A piece of JSON that no value of JavaScript's is written as. */
class Raw {
  constructor(readonly json: string) {}
}

const nested = (levels: number, open: string, close: string) => new Raw(open.repeat(levels) + close.repeat(levels));

const texts = [
  "",
  " ",
  "null",
  "true",
  "0",
  "-0",
  "-1",
  "1e400",
  "1e3",
  "0x10",
  "9".repeat(400),
  "2147483648",
  "9007199254740993",
  "NaN",
  "Infinity",
  "[]",
  "{}",
  "[null]",
  '{"a":null}',
  '{"Statement":null}',
  '{"Statement":[null]}',
  '{"Statement":[{"Effect":"Allow","Action":null,"Principal":null,"Resource":null,"Condition":null}]}',
  '{"Statement":{"Effect":"Allow","Action":["*"],"Principal":{"AWS":null},"Condition":{"ArnEquals":{"a":[null]}}}}',
  '{"Version":{},"Statement":[[]]}',
  '{"__proto__":{"Effect":"Allow"}}',
  '{"deadLetterTargetArn":null,"maxReceiveCount":null}',
  '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:orders","maxReceiveCount":1e400}',
  '{"deadLetterTargetArn":["arn"],"maxReceiveCount":{}}',
  "[".repeat(5_000),
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  "\u0000",
  "a\u0000b",
  "\u0001\u001b\u007f",
  "\ud800",
  "\ufffe\uffff",
  "é€😀‮",
  ".",
  "..",
  "../../../etc/passwd",
  ".".repeat(8_000),
  "a".repeat(300),
  "a".repeat(20_000),
  " ".repeat(50_000),
  "a.".repeat(10_000),
  "(a+)+$",
  "%zz",
  "%00",
  "<a>&'\"]]>",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "arn",
  "arn:",
  "arn:::::",
  "arn:aws:sqs:us-east-1:123456789012:",
  "arn:aws:sqs:us-east-1:123456789012:lost",
  "arn:aws:lambda:us-east-1:123456789012:function:consumer",
  "arn:aws:sns:us-east-1:123456789012:news",
  "arn:aws:kinesis:us-east-1:123456789012:stream/river",
  "arn:aws:iam::123456789012:role/worker",
  "https://example.com/",
  "http://[",
  "*",
  "page-999999",
  "9999-12-31T23:59:59Z",
  "+275760-09-13T00:00:00.001Z",
  "2026-01-01",
  "====",
  "AAAA",
  "{{resolve:secretsmanager:hidden:SecretString:password}}",
  "${AWS::Region}",
  "Resources: { Q: { Type: AWS::SQS::Queue } }",
  "a: &a [*a]",
  '{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"RedrivePolicy":"null"}}}}',
  '{"Resources":{"Q":{"Type":"AWS::SQS::Queue","DependsOn":"Q"}}}',
  '{"Resources":{"__proto__":{"Type":"AWS::SQS::Queue"}}}',
  '{"Resources":null,"Parameters":[],"Outputs":3}',
  "rate(0 minutes)",
];

const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  new Raw("-0"),
  -1,
  0.5,
  new Raw("1e400"),
  new Raw("-1e400"),
  new Raw("9".repeat(1_000)),
  1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  8.64e12 + 1,
  [],
  {},
  [[]],
  [null],
  [1, "a", {}],
  { a: 1 },
  new Raw('{"__proto__":{"polluted":true}}'),
  new Raw('{"__proto__":[1]}'),
  nested(1_500, "[", "]"),
  nested(50_000, "[", "]"),
  new Raw(`${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`),
  Array.from({ length: 2_000 }, (_, index) => index),
  Array.from({ length: 300 }, (_, index) => `item-${index}`),
  Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`key${index}`, "v"])),
  Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`k${index}`, { DataType: "String", StringValue: "v" }]),
  ),
];

const anyOf = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)]!;

function hostile(random: Random): unknown {
  return random.below(3) === 0 ? anyOf(random, values) : anyOf(random, texts);
}

/** A structure whose members are in a list, so that one may be there twice. */
type Tree = Raw | string | number | boolean | null | Tree[] | { members: [string, Tree][] };

function treeOf(value: unknown): Tree {
  if (value instanceof Raw || typeof value !== "object" || value === null) return value as Tree;
  if (Array.isArray(value)) return value.map(treeOf);
  return { members: Object.entries(value).map(([name, each]): [string, Tree] => [name, treeOf(each)]) };
}

function jsonOf(tree: Tree): string {
  if (tree instanceof Raw) return tree.json;
  if (Array.isArray(tree)) return `[${tree.map(jsonOf).join(",")}]`;
  if (typeof tree === "object" && tree !== null) {
    return `{${tree.members.map(([name, each]) => `${JSON.stringify(name)}:${jsonOf(each)}`).join(",")}}`;
  }
  return JSON.stringify(tree);
}

/** A place in a tree, by which it can be read and changed. */
interface Place {
  get(): Tree;
  set(tree: Tree): void;
  remove(): void;
  double(name: string | null): void;
}

function placesIn(tree: Tree, places: Place[] = []): Place[] {
  if (tree instanceof Raw || typeof tree !== "object" || tree === null) return places;
  if (Array.isArray(tree)) {
    for (const index of tree.keys()) {
      places.push({
        get: () => tree[index]!,
        set: (each) => {
          tree[index] = each;
        },
        remove: () => tree.splice(index, 1),
        double: () => tree.push(tree[index]!),
      });
      placesIn(tree[index]!, places);
    }
    return places;
  }
  const { members } = tree;
  for (const member of members) {
    places.push({
      get: () => member[1],
      set: (each) => {
        member[1] = each;
      },
      remove: () => members.splice(members.indexOf(member), 1),
      double: (name) => members.push([name ?? member[0], member[1]]),
    });
    placesIn(member[1], places);
  }
  return places;
}

function mutateTree(tree: Tree, random: Random): void {
  const places = placesIn(tree);
  if (places.length === 0) {
    const isEmpty = typeof tree === "object" && tree !== null && "members" in tree;
    if (isEmpty) tree.members.push([anyOf(random, texts), treeOf(hostile(random))]);
    return;
  }
  const place = anyOf(random, places);
  const before = place.get();
  const kind = random.below(12);
  if (kind === 0) place.remove();
  else if (kind === 1) place.double(random.below(2) === 0 ? null : anyOf(random, texts));
  else if (kind === 2) place.set([before]);
  else if (kind === 3) place.set(copyOf(anyOf(random, places).get()));
  else if (typeof before === "string" && /^[[{]/.test(before) && kind < 10) place.set(mutatedJson(before, random));
  else place.set(treeOf(hostile(random)));
}

/** A copy, so that a tree is never in itself. */
function copyOf(tree: Tree): Tree {
  if (typeof tree !== "object" || tree === null || tree instanceof Raw) return tree;
  return new Raw(jsonOf(tree));
}

function mutatedJson(json: string, random: Random): string {
  let tree: Tree;
  try {
    tree = treeOf(JSON.parse(json));
  } catch {
    return json;
  }
  for (let times = 1 + random.below(2); times > 0; times--) mutateTree(tree, random);
  return jsonOf(tree);
}

function mutatedForm(text: string, random: Random): string {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length === 0) return String(anyOf(random, texts));
  const index = random.below(pairs.length);
  const [name, value] = pairs[index]!;
  const asText = (each: unknown) => (typeof each === "string" ? each : jsonOf(treeOf(each)));
  const kind = random.below(12);
  if (kind === 0) pairs.splice(index, 1);
  else if (kind === 1) pairs.push([name, asText(hostile(random))]);
  else if (kind === 2)
    pairs[index] = [
      `${name}.${anyOf(random, ["member.1", "entry.1.key", "1", "0", "-1", "Name", "__proto__", "", "99999999999999999999"])}`,
      value,
    ];
  else if (kind === 3)
    pairs[index] = [name.replace(/\.\d+/, `.${anyOf(random, ["0", "01", "1e9", "999999999999", "x", ""])}`), value];
  else if (kind === 4)
    pairs[index] = [
      anyOf(random, [...texts, name.split(".").slice(0, -1).join("."), `${name}${".a".repeat(5_000)}`]),
      value,
    ];
  else if (kind === 5) pairs[index] = [name.toLowerCase(), value];
  else if (/^[[{]/.test(value) && kind < 10) pairs[index] = [name, mutatedJson(value, random)];
  else pairs[index] = [name, asText(hostile(random))];
  return new URLSearchParams(pairs.map(([each, its]): [string, string] => [each, its])).toString();
}

function mutatedBytes(body: Uint8Array, random: Random): Uint8Array {
  const kind = random.below(5);
  if (kind === 0) return body.subarray(0, random.below(body.length + 1));
  if (kind === 1) return new Uint8Array();
  if (kind === 2) return bytesOf(String(anyOf(random, texts)));
  if (kind === 3) return Uint8Array.from({ length: random.below(300) }, () => random.below(256));
  const flipped = Uint8Array.from(body);
  for (let times = 0; times < 3 && body.length > 0; times++) flipped[random.below(body.length)] = random.below(256);
  return flipped;
}

function mutatedPath(path: string, random: Random): string {
  const parts = path.split("/");
  const index = random.below(parts.length);
  const piece = anyOf(random, [
    ...texts.map((each) => encodeURIComponent(wellFormed(each))),
    "%zz",
    "%",
    "%e0%a4%a",
    "%00",
    "..",
    "",
  ]);
  if (random.below(3) === 0) parts.splice(index, 0, piece);
  else parts[index] = piece;
  return `/${parts.join("/").replace(/^\/+/, "")}`;
}

const names = [
  "x-amz-target",
  "content-type",
  "x-amz-invocation-type",
  "x-amz-log-type",
  "x-amz-client-context",
  "authorization",
  "content-encoding",
  "x-amzn-query-mode",
  "accept",
  "user-agent",
];

/** A text as a header may carry it. */
function headerText(random: Random): string {
  return String(anyOf(random, texts))
    .replace(/[^\t -~]/g, "?")
    .slice(0, 4_000);
}

function mutatedOnce(request: WireRequest, random: Random): WireRequest {
  const kind = random.below(20);
  const text = textOf(request.body);
  if (kind === 0) return { ...request, body: mutatedBytes(request.body, random) };
  if (kind === 1) return { ...request, headers: { ...request.headers, [anyOf(random, names)]: headerText(random) } };
  if (kind === 2) {
    const { [anyOf(random, names)]: _left, ...headers } = request.headers;
    return { ...request, headers };
  }
  if (kind === 3) return { ...request, method: anyOf(random, ["GET", "PUT", "DELETE", "POST", "OPTIONS", "PATCH"]) };
  if (kind < 8 && request.path !== "/") return { ...request, path: mutatedPath(request.path, random) };
  if (kind === 8 || (kind < 12 && text === "")) {
    const known = Object.keys(request.query);
    const name =
      known.length > 0 && random.below(2) === 0
        ? anyOf(random, known)
        : anyOf(random, [
            "Qualifier",
            "Marker",
            "MaxItems",
            "FunctionName",
            "EventSourceArn",
            "__proto__",
            "Action",
            "StatusCode",
          ]);
    const value = random.below(4) === 0 ? [anyOf(random, texts), anyOf(random, texts)] : anyOf(random, texts);
    return {
      ...request,
      query: { ...request.query, [name]: typeof value === "string" ? wellFormed(value) : value.map(wellFormed) },
    };
  }
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return { ...request, body: bytesOf(mutatedForm(text, random)) };
  if (text.startsWith("{")) return { ...request, body: bytesOf(mutatedJson(text, random)) };
  return { ...request, body: mutatedBytes(request.body, random) };
}

function wellFormed(text: string): string {
  return textOf(bytesOf(text.slice(0, 4_000)));
}

/** The request after one mutation, or some. */
export function mutated(request: WireRequest, random: Random): WireRequest {
  let made = mutatedOnce(request, random);
  while (random.below(3) === 0) made = mutatedOnce(made, random);
  return made;
}
