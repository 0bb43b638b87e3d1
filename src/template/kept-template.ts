/** The text of a template as it may be kept: without the secrets that are written in it. */
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { parseSource } from "./nodes.ts";
import { mask, type Parameter } from "./parameter.ts";

/** A template's text in which the defaults of secrets, and the values that they take, are masked. Everything else stays to the byte. */
export function withoutSecretDefaults(text: string, parameters: readonly Parameter[]): string {
  const secret = parameters.filter(({ noEcho, default: value, allowedValues }) => noEcho && (value ?? allowedValues));
  if (secret.length === 0) return text;
  const { document } = parseSource(text, null);
  const ranges = secret.flatMap(({ name }) =>
    ["Default", "AllowedValues"].flatMap((key) => {
      const node = document.getIn(["Parameters", name, key], true) as Node | undefined;
      return (isSeq(node) ? (node.items as Node[]) : [node]).flatMap((each) =>
        each && !isMap(each) ? rangeOf(each) : [],
      );
    }),
  );
  return ranges
    .sort(([a], [b]) => b - a)
    .reduce((masked, [from, to]) => `${masked.slice(0, from)}"${mask}"${masked.slice(to)}`, text);
}

/** A text over several lines ends with a line break, which stays. */
function rangeOf(node: Node): [from: number, to: number][] {
  if (!node.range) return [];
  const [from, to] = node.range;
  const isBlock = isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
  return [[from, isBlock ? to - 1 : to]];
}
