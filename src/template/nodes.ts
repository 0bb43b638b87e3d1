/** Reads the YAML or JSON of a template: text to nodes, each with its file and line, and nodes to plain data. */
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type ScalarTag,
  visit,
} from "yaml";
import { collecting, type Faults } from "./faults.ts";
import { type Place, type Places, TemplateError, type TemplatePath, type TemplateValue } from "./template.ts";

/** Functions that have a short form; `!Sub` is `Fn::Sub`. */
const shortForms = new Set(
  (
    "!And !Base64 !Cidr !Condition !Equals !FindInMap !GetAZs !GetAtt !If !ImportValue !Join !Length !Not !Or !Ref " +
    "!Select !Split !Sub !ToJsonString !Transform"
  ).split(" "),
);

const plainTags = new Set(["str", "int", "float", "bool", "seq", "map"].map((each) => `tag:yaml.org,2002:${each}`));

/** No template is nested so deeply, and the parser's recursion has to end somewhere. */
const maximumDepth = 64;

/** YAML 1.1's booleans as CloudFormation's parser takes them: `y` and `n` are text. */
const boolean: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  identify: (value) => typeof value === "boolean",
  resolve: (source) => /^(?:yes|true|on)$/i.test(source),
};

/** A number or a boolean is printed as it was written. */
function asWritten(tag: ScalarTag): ScalarTag {
  const { stringify } = tag;
  if (!/:(bool|int|float)$/.test(tag.tag)) return tag;
  return {
    ...tag,
    stringify: (item, context, ...others) => item.source ?? stringify?.(item, context, ...others) ?? String(item.value),
  };
}

/** CloudFormation reads YAML 1.1 without timestamps, binary, sets, ordered maps and merges. */
const options = {
  schema: "yaml-1.1",
  resolveKnownTags: false,
  customTags: (tags: readonly unknown[]) =>
    [
      ...(tags as ScalarTag[]).filter(({ tag }) => !/:(bool|binary|omap|pairs|set|timestamp|merge)$/.test(tag)),
      boolean,
    ].map(asWritten),
};

/** One file of a template, parsed. */
export interface Source {
  /** without errors but those that are tolerated */
  document: Document;
  /** where each of its nodes stands */
  places: Map<Node, Place>;
}

/** Slips that many a parser of YAML lets pass, by the parser's codes: of two equal keys the later counts. */
export const slips: ReadonlySet<string> = new Set(["DUPLICATE_KEY", "BAD_INDENT"]);

/** The faults of YAML after which the rest can be read. */
const recoverable: ReadonlySet<string> = new Set(["DUPLICATE_KEY"]);

const none: ReadonlySet<string> = new Set();

/**
 * `file` is the one that places name; errors with one of the codes `tolerated` are none. Faults that allow going on are left to whoever
 * collects them. @throws TemplateError for a text that cannot be read, or that has a fault which nobody collects
 */
export function parseSource(
  text: string,
  file: string | null,
  { faults, tolerated = none }: { faults?: Faults; tolerated?: ReadonlySet<string> } = {},
): Source {
  return collecting(faults, (collected) => parse(text, file, tolerated, collected));
}

function parse(text: string, file: string | null, tolerated: ReadonlySet<string>, faults: Faults): Source {
  const lineCounter = new LineCounter();
  const placeAt = (offset: number): Place => ({ file, line: Math.max(1, lineCounter.linePos(offset).line) });
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  const tooDeep = tokens.map(deeperThanMaximum).find((token) => token !== null);
  if (tooDeep) {
    throw new TemplateError(`the template is nested deeper than ${maximumDepth} levels`, placeAt(tooDeep.offset));
  }

  const [document, second] = [...new Composer(options as object).compose(tokens, true, text.length)];
  for (const error of document!.errors.filter(({ code }) => !tolerated.has(code))) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const cause = error.message.replace(/\s+/g, " ");
    const message = `Template format error: YAML not well-formed. (line ${line}, column ${col}) ${cause}`;
    faults.add({ message, place: { file, line } });
    // One fault of the syntax makes more that are none.
    if (!recoverable.has(error.code)) throw new TemplateError(faults.all);
  }
  if (second) faults.add({ message: "a template is one YAML document", place: placeAt(second.range[0]) });

  const places = new Map<Node, Place>();
  visit(document!, {
    Node: (_, node) => {
      if (node.range) places.set(node, placeAt(node.range[0]));
    },
  });
  return { document: document!, places };
}

/** The source as text, with its comments. */
export function printSource({ document }: Source): string {
  return document.toString({ lineWidth: 128, flowCollectionPadding: false });
}

/** The first token below the deepest level that is taken. It looks in a loop, because the composer that comes after is recursive. */
function deeperThanMaximum(root: CST.Token): CST.Token | null {
  const pending: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let each = pending.pop(); each; each = pending.pop()) {
    const { token, depth } = each;
    if (depth > maximumDepth) return token;
    if (token.type === "document" && token.value) pending.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const item of token.items) {
      for (const child of [item.key, item.value]) if (child) pending.push({ token: child, depth: depth + 1 });
    }
  }
  return null;
}

/**
 * The nodes as data, and the place of each by its path. `file` is the one of the root. A node that is wrong is an empty text.
 * @throws TemplateError for faults that nobody collects
 */
export function dataOf(
  { document, places }: Source,
  file: string | null,
  faults?: Faults,
): { root: TemplateValue; places: Places } {
  return collecting(faults, (collected) => {
    const reader = new DataReader(places, collected);
    const root = reader.value(document.contents as Node | null, [], { file, line: 1 });
    return { root, places: reader.seen };
  });
}

/** No file that people write has so many nodes, and aliases of aliases have to end somewhere. */
const maximumNodes = 200_000;

/**
 * As `dataOf`, of a file that is not read by CloudFormation alone: nulls are left out, aliases and merges are followed, keys may be numbers, and a tag that is
 * no function of CloudFormation is read as one. @throws TemplateError
 */
export function foreignDataOf(
  { document, places }: Source,
  file: string | null,
): { root: TemplateValue; places: Places } {
  return collecting(undefined, (faults) => {
    const reader = new ForeignReader(places, document, faults);
    const root = reader.value(document.contents as Node | null, [], { file, line: 1 });
    return { root, places: reader.seen };
  });
}

class DataReader {
  readonly seen = new Map<string, Place>();

  constructor(
    protected readonly places: ReadonlyMap<Node, Place>,
    private readonly faults: Faults,
  ) {}

  value(node: Node | null, path: TemplatePath, parent: Place): TemplateValue {
    const place = this.placeOf(node, parent);
    if (path.length === 0) this.see(path, place);
    if (node === null || (isScalar(node) && node.value === null)) {
      return this.#refuse(`[/${path.join("/")}] 'null' values are not allowed in templates`, parent, path);
    }
    if (isAlias(node)) {
      return this.#refuse("Template error: YAML aliases are not allowed in CloudFormation templates", place, path);
    }
    const { tag } = node;
    if (tag === undefined || plainTags.has(tag)) return this.plainValue(node, path, place);
    if (!this.isFunction(tag)) return this.#refuse(`${tag} is not a function of CloudFormation`, place, path);
    const name = tag === "!Ref" || tag === "!Condition" ? tag.slice(1) : `Fn::${tag.slice(1)}`;
    this.see([...path, name], place);
    const argument = this.plainValue(node, [...path, name], place);
    return { [name]: name === "Fn::GetAtt" ? attributeReference(argument) : argument };
  }

  protected plainValue(node: Node, path: TemplatePath, place: Place): TemplateValue {
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const at = [...path, index];
        const itemPlace = this.placeOf(item as Node | null, place);
        this.see(at, itemPlace);
        return this.value(item as Node | null, at, itemPlace);
      });
    }
    if (isMap(node)) {
      return Object.fromEntries(
        node.items.flatMap((pair) => {
          const key = this.#key(pair.key as Node | null, path, place);
          if (key === null) return [];
          const at = [...path, key];
          const keyPlace = this.placeOf(pair.key as Node, place);
          this.see(at, keyPlace);
          const value = this.value(pair.value as Node | null, at, keyPlace);
          return [[key, key === "Fn::GetAtt" ? attributeReference(value) : value] as const];
        }),
      );
    }
    return isScalar(node) ? scalarOf(node.value, node.source) : "";
  }

  protected isFunction(tag: string): boolean {
    return shortForms.has(tag);
  }

  /** null: it is none, which was said. */
  #key(key: Node | null, path: TemplatePath, parent: Place): string | null {
    const place = this.placeOf(key, parent);
    const value = isScalar(key) && key.tag === undefined ? key.value : null;
    if (typeof value !== "string") {
      const received =
        typeof value === "number" ? `numeric [${value}]` : `${value === null ? "a value" : `[${value}]`}`;
      const message = `Template format error: [/${path.join("/")}] map keys must be strings; received ${received} instead`;
      this.faults.addOfKey({ message, place }, path);
      return null;
    }
    if (value !== "<<") return value;
    this.faults.addOfKey({ message: "CloudFormation does not support YAML's merge key <<", place }, path);
    return null;
  }

  /** `path` leads to the node that is wrong, in whose place stands an empty text. */
  #refuse(message: string, place: Place, path: TemplatePath): "" {
    this.faults.add({ message, place }, path);
    return "";
  }

  protected placeOf(node: Node | null, parent: Place): Place {
    return (node && this.places.get(node)) ?? parent;
  }

  protected see(path: TemplatePath, place: Place): void {
    this.seen.set(JSON.stringify(path), place);
  }
}

class ForeignReader extends DataReader {
  #nodes = 0;
  /** The parser looks through the whole document for each alias, and a bomb comes by each of its few a thousand times. */
  readonly #resolved = new Map<Alias, Node | null>();

  constructor(
    places: ReadonlyMap<Node, Place>,
    private readonly document: Document,
    faults: Faults,
  ) {
    super(places, faults);
  }

  override value(node: Node | null, path: TemplatePath, parent: Place): TemplateValue {
    this.#nodes += 1;
    if (this.#nodes > maximumNodes) {
      throw new TemplateError(`the file has more than ${maximumNodes} values, its aliases followed`, parent);
    }
    if (path.length > maximumDepth) {
      throw new TemplateError(`the file is nested deeper than ${maximumDepth} levels, its aliases followed`, parent);
    }
    if (isAlias(node)) return this.value(this.#followed(node), path, parent);
    if (isNull(node)) return this.nothing(path, parent);
    return super.value(node, path, parent);
  }

  /** A null that is no member of a map, such as the whole of a file. */
  private nothing(path: TemplatePath, place: Place): TemplateValue {
    this.see(path, place);
    return "";
  }

  protected override plainValue(node: Node, path: TemplatePath, place: Place): TemplateValue {
    if (!isMap(node)) return super.plainValue(node, path, place);
    const entries = new Map<string, TemplateValue>();
    for (const pair of node.items) {
      const [key, value] = [pair.key as Node | null, this.#followed(pair.value as Node | null)];
      const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
      if (name === "<<") {
        for (const each of isSeq(value) ? value.items : [value]) {
          const merged = this.value(each as Node | null, path, this.placeOf(key, place));
          if (typeof merged !== "object" || Array.isArray(merged)) continue;
          for (const [known, inherited] of Object.entries(merged)) {
            if (!entries.has(known)) entries.set(known, inherited);
          }
        }
        continue;
      }
      if (isNull(value)) continue;
      const at = [...path, name];
      const keyPlace = this.placeOf(key, place);
      this.see(at, keyPlace);
      const read = this.value(value, at, keyPlace);
      entries.set(name, name === "Fn::GetAtt" ? attributeReference(read) : read);
    }
    return Object.fromEntries(entries);
  }

  protected override isFunction(): boolean {
    return true;
  }

  #followed(node: Node | null): Node | null {
    if (!isAlias(node)) return node;
    const known = this.#resolved.get(node);
    if (known !== undefined) return known;
    const resolved = (node.resolve(this.document) as Node | undefined) ?? null;
    this.#resolved.set(node, resolved);
    return resolved;
  }
}

function isNull(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.tag === undefined);
}

/** Numbers that data cannot hold exactly, such as long digit strings, stay the text that they were. */
function scalarOf(value: unknown, source: string | undefined): TemplateValue {
  if (typeof value === "boolean" || typeof value === "string") return value;
  const exact = typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return exact ? value + 0 : (source ?? String(value));
}

/** `Queue.Arn` is `["Queue", "Arn"]`; only the first dot separates. */
function attributeReference(argument: TemplateValue): TemplateValue {
  if (typeof argument !== "string") return argument;
  const dot = argument.indexOf(".");
  return dot < 0 ? argument : [argument.slice(0, dot), argument.slice(dot + 1)];
}
