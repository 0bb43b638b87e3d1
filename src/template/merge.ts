/** Puts a template together from parts and its own file: one merge, which keeps comments and places. */
import { isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair, visit, YAMLMap, type YAMLSeq } from "yaml";
import type { Source } from "./nodes.ts";
import { type Place, sectionNames, TemplateError } from "./template.ts";

/**
 * Maps are merged by key and lists concatenated, the parts in their order and `own` last. Where a key has anything else,
 * `own` wins. The nodes of all sources become the whole's.
 * @throws TemplateError when two parts give one key different things
 */
export function mergeSources(own: Source, parts: readonly Source[]): Source {
  const places = new Map([...parts, own].flatMap((source) => [...source.places]));
  for (const { document } of [...parts, own]) visit(document, { Collection: giveCommentToFirst });
  const merging = new Merging(places);
  const whole = new YAMLMap<Node, Node | null>();
  for (const part of parts) {
    const root = rootOf(part);
    // The sentence that heads a part's file is about the file.
    for (const { key } of root.items.slice(0, 1)) key.commentBefore = undefined;
    merging.addMap(whole, root, [], "refused");
  }
  merging.addMap(whole, rootOf(own), [], "replaced");
  const order = ({ key }: Pair<Node>) => sectionNames.indexOf(keyOf(key));
  whole.items.sort((a, b) => order(a) - order(b));
  whole.items.forEach(({ key }, index) => {
    key.spaceBefore = index > 0 && keyOf(key) !== "Description";
  });
  own.document.contents = whole;
  return { document: own.document, places };
}

function rootOf({ document, places }: Source): YAMLMap<Node, Node | null> {
  const root = document.contents as Node | null;
  if (isMap(root)) return root as YAMLMap<Node, Node | null>;
  throw new TemplateError(
    "a part is a map of sections, such as Resources",
    places.get(root!) ?? { file: null, line: 1 },
  );
}

/** The parser gives a comment above a collection's first item to the collection, where it would stay when others come first. */
function giveCommentToFirst(role: unknown, collection: YAMLMap | YAMLSeq): void {
  const [first] = collection.items;
  const node = isPair(first) ? first.key : first;
  if (role !== "value" || collection.flow || !collection.commentBefore || !isNode(node)) return;
  node.commentBefore = collection.commentBefore;
  collection.commentBefore = undefined;
}

class Merging {
  constructor(private readonly places: ReadonlyMap<Node, Place>) {}

  /** `clash` is what becomes of a key that both have, and that is neither a map nor a list in both. */
  addMap(
    whole: YAMLMap<Node, Node | null>,
    added: YAMLMap<Node, Node | null>,
    path: readonly string[],
    clash: "refused" | "replaced",
  ): void {
    const isSpaced = [...whole.items, ...added.items].some(({ key }) => key.spaceBefore);
    for (const pair of added.items) {
      const present = whole.items.find(({ key }) => keyOf(key) === keyOf(pair.key));
      if (present === undefined) {
        if (pair === added.items[0] && whole.items.length > 0) pair.key.spaceBefore = isSpaced;
        whole.items.push(pair);
        continue;
      }
      const at = [...path, keyOf(pair.key)];
      if (isPlainMap(present.value) && isPlainMap(pair.value)) this.addMap(present.value, pair.value, at, clash);
      else if (isPlainList(present.value) && isPlainList(pair.value)) present.value.items.push(...pair.value.items);
      else if (clash === "refused") throw this.#clash(at, present.key, pair.key);
      else {
        present.key = Object.assign(pair.key, { spaceBefore: present.key.spaceBefore });
        present.value = pair.value;
      }
      present.key.commentBefore ??= pair.key.commentBefore;
    }
  }

  #clash(path: readonly string[], first: Node, second: Node): TemplateError {
    const { file, line } = this.places.get(first)!;
    return new TemplateError(
      `${path.join(".")} is given by another part as well (${file}, line ${line}); leave it to one of them, or to the scenario's own file`,
      this.places.get(second)!,
    );
  }
}

function keyOf(key: Node): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** A function is one thing, in its short form by its tag and in its long one by its name. */
function isPlainMap(node: Node | null): node is YAMLMap<Node, Node | null> {
  return (
    isMap(node) && node.tag === undefined && !node.items.some(({ key }) => /^(Ref|Fn::.*)$/.test(keyOf(key as Node)))
  );
}

function isPlainList(node: Node | null): node is YAMLSeq<Node> {
  return isSeq(node) && node.tag === undefined;
}
