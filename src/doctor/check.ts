/** What a check came to: how it is, and what to do about it. */

export interface Check {
  name: string;
  status: "ok" | "not ok" | "not known";
  detail: string;
  /** null: nothing is to be done, or the detail says it. */
  remedy: string | null;
}

/** A request may be signed this long before or after AWS's time. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export const maxSignatureAgeMs = 300_000;
