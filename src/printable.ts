/** Foreign text that is passed on: nothing in it moves a terminal's cursor, colours a line, begins one, or turns the order of letters. */

/** Controls (C0, DEL, C1), separators of lines, marks that turn the direction of writing, and halves of a character. */
const unprintable =
  /[\p{Cc}\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;
/** Sequences that only colour what comes after them. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

const shortNames: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": " " };

/** On one line, with what cannot be printed as the escape that JSON and JavaScript write for it. */
export function onOneLine(text: string): string {
  return text.replace(unprintable, nameOf);
}

/** As `onOneLine`, but lines stay lines, and tabs tabs. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => ("\n\t".includes(character) ? character : nameOf(character)));
}

/** As `printable`, but colours stay: a text that we have laid out, with foreign texts in it. */
export function printableInColour(text: string): string {
  const colours = text.match(colour) ?? [];
  return text
    .split(colour)
    .map((part, index) => printable(part) + (colours[index] ?? ""))
    .join("");
}

function nameOf(character: string): string {
  return shortNames[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
