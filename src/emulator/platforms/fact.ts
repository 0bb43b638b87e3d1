/** A number about AWS, with where it comes from and how sure it is. */

/**
 * - `documented`: AWS's documentation
 * - `measured`: by a third party
 * - `fitted`: to published or measured runs, within the plausible range
 * - `assumed`: unpublished; the range says what is plausible
 * - `chosen`: the user's own, so that nothing is known of it; no range is drawn from
 */
export type Confidence = "documented" | "measured" | "fitted" | "assumed" | "chosen";

export interface Fact {
  /** Infinity: there is no such limit. */
  value: number;
  /** A URL, or a sentence that names the source or the reason. */
  source: string;
  confidence: Confidence;
  /** The plausible values. Every number that AWS does not publish has a range. */
  range?: [low: number, high: number];
}

export function documented(value: number, source: string): Fact {
  return { value, source, confidence: "documented" };
}

export function measured(value: number, range: [number, number], source: string): Fact {
  return { value, source, confidence: "measured", range };
}

export function fitted(value: number, range: [number, number], source: string): Fact {
  return { value, source, confidence: "fitted", range };
}

export function assumed(value: number, range: [number, number], source: string): Fact {
  return { value, source, confidence: "assumed", range };
}

export function chosen(value: number, source: string): Fact {
  return { value, source, confidence: "chosen" };
}
