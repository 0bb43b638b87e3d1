/** Stands for `node:util` in a browser. */
export { default as isDeepStrictEqual } from "fast-deep-equal";

/** The texts of a page have none. */
export function stripVTControlCharacters(text: string): string {
  return text;
}
