/** Text inside XML and HTML. Markup is escaped, and characters that XML cannot hold are replaced. */

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** And marks that would turn the direction of the text around them. */
const notOfXml =
  /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

/** For the inside of an element or of a quoted attribute. */
export function escaped(text: string | number): string {
  return String(text)
    .replace(notOfXml, "\u{fffd}")
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON as a script of a page has it, which it does not end. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
