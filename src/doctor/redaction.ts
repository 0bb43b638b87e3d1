/** Takes everything out of a text that is not known to be harmless: words of the program's own stay, and numbers that name nothing. */

/** Placeholders begin with one of these. */
type Kind = "account" | "address" | "arn" | "path" | "text";

/** Digits of ids are more. */
const harmlessNumber = /^[-+]?\d{1,7}(\.\d{1,6})?(ms|s|m|h|d|%|MB|kB|\/s|\/m)?$/;
/** Programs have these: an address has a part more. */
const version = /^v?\d{1,3}\.\d{1,3}(\.\d{1,3})?$|^Node\.js$/;
const time = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$|^\d{2}:\d{2}:\d{2}(\.\d+)?$/;
/** AWS's and Node's names of errors. A person's secret has no such ending. */
const nameOfError = /^[A-Z][A-Za-z]{2,40}(Exception|Error|Fault|Failure|Timeout|Denied)$|^E[A-Z]{3,14}$/;
const punctuation = /^([("'[`<]*)(.*?)([)"'\]`>,.;:!?]*)$/s;

export class Redaction {
  readonly #placeholders = new Map<string, string>();
  readonly #counts = new Map<Kind, number>();

  /**
   * `words`: in lower case, all that may be shown. `secrets`: known to be somebody's, such as the name of the user, which is hidden even
   * where it is such a word.
   */
  constructor(
    private readonly words: ReadonlySet<string>,
    private readonly secrets: ReadonlySet<string>,
  ) {}

  /** The same value has the same placeholder wherever it stands. */
  placeholder(value: string): string {
    const known = this.#placeholders.get(value);
    if (known !== undefined) return known;
    const kind = kindOf(value);
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const made = `‹${kind}-${count}›`;
    this.#placeholders.set(value, made);
    return made;
  }

  /** Lines stay lines, and are shortened. */
  text(foreign: string): string {
    return foreign
      .slice(0, mostLetters)
      .split("\n")
      .map((line) =>
        line
          .split(/\s+/)
          .map((part) => this.#part(part))
          .join(" ")
          .trim(),
      )
      .join("\n");
  }

  /** A value that stays only if it is one of these. */
  oneOf(value: string, known: readonly string[]): string {
    return known.includes(value) ? value : this.placeholder(value);
  }

  /** A value that stays only if it is a number, a time, or one of a template's plain words such as `true` or `none`. */
  setting(value: string): string {
    return /^(true|false|none|wait|throw|report|return|)$/.test(value) || harmlessNumber.test(value)
      ? value
      : this.placeholder(value);
  }

  /** One word, with the marks around it. */
  #part(part: string): string {
    const [, before, inner, after] = punctuation.exec(part)!;
    if (inner === "" || this.#isHarmless(inner!)) return part;
    return before + this.placeholder(inner!) + after;
  }

  #isHarmless(word: string): boolean {
    if (this.secrets.has(word.toLowerCase())) return false;
    if (harmlessNumber.test(word) || version.test(word) || time.test(word) || nameOfError.test(word)) return true;
    if (/^[-–—=+·→×|/\\*#✓✗…&%$~^]+$/.test(word)) return true;
    // scenario-4, --database-url, doctor's
    const parts = word
      .replace(/^--?/, "")
      .replace(/['’]s$/, "")
      .split("-");
    return parts.every((each) => !this.secrets.has(each.toLowerCase()) && this.#isWord(each));
  }

  #isWord(text: string): boolean {
    return /^\d{1,3}$/.test(text) || (/^[A-Za-z]+$/.test(text) && this.words.has(text.toLowerCase()));
  }
}

const mostLetters = 20_000;

function kindOf(value: string): Kind {
  if (/^arn:/.test(value)) return "arn";
  if (/^\d{12}$/.test(value)) return "account";
  if (/^[a-z]+:\/\//i.test(value) || /^[\w-]+(\.[\w-]+)+(:\d+)?$/.test(value) || /^[\d.:a-f[\]]+$/i.test(value))
    return "address";
  return /[/\\]/.test(value) ? "path" : "text";
}

/** The words of a program's own text. */
export function wordsIn(texts: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const text of texts) for (const [word] of text.matchAll(/[A-Za-z]{2,20}/g)) words.add(word.toLowerCase());
  words.add("a");
  return words;
}
