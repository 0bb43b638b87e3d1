/** The result of a check: its status, its detail, and the remedy. */

export interface Check {
  name: string;
  status: "ok" | "not ok" | "not known";
  detail: string;
  /** null: nothing has to be done, or the detail says what. */
  remedy: string | null;
}

/** A request may be signed this long before or after AWS's time. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export const maxSignatureAgeMs = 300_000;
