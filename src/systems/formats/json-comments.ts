/** JSON with comments, as editors take it: the reader of YAML would make them part of a key, and drop the property in silence. */

/** A text, a comment or the end of a line. */
const token = /"(?:[^"\\\n]|\\.)*"|\/\/|\/\*[\s\S]*?(?:\*\/|$)|\n/g;

/** The line of the first comment, where the text is JSON but for its comments; null: it has none, or is no JSON. */
export function commentLine(text: string): number | null {
  const begun = /^\uFEFF?(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*\{(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*["}]/;
  if (!/^[\uFEFF\s]*[{/]/.test(text) || !begun.test(text)) return null;
  let line = 1;
  for (const [found] of text.matchAll(token)) {
    if (found.startsWith("/")) return line;
    if (found === "\n") line++;
  }
  return null;
}
