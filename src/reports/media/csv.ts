/** A field of comma-separated values (RFC 4180) that no spreadsheet takes for a formula. */

/** A text that begins like a formula gets an apostrophe before it, unless it is a number. https://owasp.org/www-community/attacks/CSV_Injection */
export function field(text: string): string {
  const isFormula = /^\s*[=+\-@\t\r]/.test(text) && !/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text);
  const shown = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
