/** A format takes runs or comparisons, and makes a text to print, or files to write. */

export interface Options {
  /** width of the terminal; no line of a table is longer */
  columns: number;
  colour: boolean;
  /** adds the figures beyond the published table */
  details: boolean;
}

interface Described {
  /** its flag is `--<name>` */
  name: string;
  /** the flag's help */
  help: string;
}

/** A format that is printed; at most one of them is chosen. */
export interface TextFormat<Subject> extends Described {
  /** the values that the flag takes; without them it takes none */
  choices?: { name: string; values: readonly string[] };
  /** The text without its last newline; `choice` is one of the values. */
  text(subjects: readonly Subject[], options: Options, choice: string): string;
}

export interface File {
  path: string;
  content: string | Uint8Array;
}

/** A format that is written, whatever is printed. */
export interface FileFormat<Subject> extends Described {
  /** the flag takes the path of one */
  value: "file" | "directory";
  /** Throws `target-failed` where this machine lacks what the format needs. */
  files(subjects: readonly Subject[], path: string): File[] | Promise<File[]>;
}

export type Format<Subject> = TextFormat<Subject> | FileFormat<Subject>;
