/**
 * The constraints of a property beyond its type: ranges, lengths and patterns, from the declarations of `@awboost/cfn-resource-types`,
 * which are generated from the resource schemas of AWS's registry. They have none for the items of a list of texts.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export interface Constraints {
  min?: number;
  max?: number;
  /** characters of a text, items of a list */
  minLength?: number;
  maxLength?: number;
  pattern?: RegExp;
}

export type Shape =
  | { kind: "object"; properties: ReadonlyMap<string, ConstrainedProperty> }
  | { kind: "list"; item: Shape }
  | { kind: "name"; name: string }
  /** Text, numbers, unions and free objects: nothing to follow. */
  | { kind: "plain" };

export interface ConstrainedProperty {
  shape: Shape;
  constraints: Constraints;
}

/** The types that a resource type's declarations have, by name. */
export interface Declarations {
  properties: Shape;
  types: ReadonlyMap<string, Shape>;
}

const require = createRequire(import.meta.url);
const read = new Map<string, Declarations>();

/** @throws Error for a resource type that the package does not have. */
export function declarationsOf(resourceType: string): Declarations {
  const known = read.get(resourceType);
  if (known) return known;
  const module = require.resolve(`@awboost/cfn-resource-types/${resourceType.replaceAll("::", "-")}`);
  const declarations = parseDeclarations(readFileSync(module.replace(/\.js$/, ".d.ts"), "utf8"));
  read.set(resourceType, declarations);
  return declarations;
}

/** @throws Error where the text is not of the few forms that the generator writes. */
export function parseDeclarations(text: string): Declarations {
  const types = new Map(
    [...text.matchAll(/^export type (\w+) = /gm)].map((match) => {
      const parser = new Parser(text, match.index + match[0].length);
      return [match[1]!, parser.type()];
    }),
  );
  const [properties] = [...types].filter(([name]) => name.endsWith("Properties"));
  if (!properties) throw new Error("the declarations have no type of properties");
  return { properties: properties[1], types };
}

/** A doc comment, a name, a quoted text, or one mark. */
const token = /\s*(\/\*\*[\s\S]*?\*\/|[\w$]+|"(?:[^"\\]|\\.)*"|[^\s])/y;

class Parser {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** A union is plain but for its lists and objects' being alone in it. */
  type(): Shape {
    this.#skip("|");
    const first = this.#postfixed();
    if (this.#peek() !== "|") return first;
    while (this.#skip("|")) this.#postfixed();
    return { kind: "plain" };
  }

  #postfixed(): Shape {
    let shape = this.#primary();
    while (this.#skip("[")) {
      this.#expect("]");
      shape = { kind: "list", item: shape };
    }
    return shape;
  }

  #primary(): Shape {
    const next = this.#next();
    if (next === "{") return this.#object();
    if (next === "(") {
      const inner = this.type();
      this.#expect(")");
      return inner;
    }
    if (this.#skip("<")) {
      do this.type();
      while (this.#skip(","));
      this.#expect(">");
      return { kind: "plain" };
    }
    return /^[A-Z]/.test(next) ? { kind: "name", name: next } : { kind: "plain" };
  }

  #object(): Shape {
    const properties = new Map<string, ConstrainedProperty>();
    while (!this.#skip("}")) {
      const comment = this.#peek().startsWith("/**") ? this.#next() : "";
      const name = this.#next().replace(/^"(.*)"$/, "$1");
      this.#skip("?");
      this.#expect(":");
      properties.set(name, { shape: this.type(), constraints: constraintsIn(comment) });
      this.#expect(";");
    }
    return { kind: "object", properties };
  }

  #peek(): string {
    token.lastIndex = this.at;
    return token.exec(this.text)?.[1] ?? "";
  }

  #next(): string {
    const next = this.#peek();
    if (next === "") throw new Error("the declarations end too early");
    this.at = token.lastIndex;
    return next;
  }

  #skip(mark: string): boolean {
    if (this.#peek() !== mark) return false;
    this.#next();
    return true;
  }

  #expect(mark: string): void {
    const found = this.#next();
    if (found !== mark)
      throw new Error(`the declarations have ${found} in place of ${mark}: ${this.text.slice(this.at - 80, this.at)}`);
  }
}

function constraintsIn(comment: string): Constraints {
  const tags = new Map(
    [...comment.matchAll(/@(min|max|minLength|maxLength|pattern) `(.*)`$/gm)].map(([, name, value]) => [name!, value!]),
  );
  const number = (name: string) => (tags.has(name) ? Number(tags.get(name)) : undefined);
  const pattern = tags.get("pattern");
  return {
    min: number("min"),
    max: number("max"),
    minLength: number("minLength"),
    maxLength: number("maxLength"),
    // `\Z` is the end of the text in other languages, and `\p` a class of characters in this one with the flag u alone.
    pattern:
      pattern === undefined
        ? undefined
        : new RegExp(pattern.replaceAll("\\Z", "$"), pattern.includes("\\p{") ? "u" : ""),
  };
}
