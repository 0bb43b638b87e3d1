/** A partial batch response: which records of its batch a function has failed. */

/**
 * The ids that the response names; null when the whole batch has failed by an answer that Lambda cannot read. `idsOfBatch` is asked
 * only where an id has to be known.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedItems(payload: unknown, idsOfBatch: () => string[]): ReadonlySet<string> | null {
  if (typeof payload !== "object") return null;
  const failures = (payload as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return null;
  const ids = failures.map((failure) => failure?.itemIdentifier);
  const known = new Set(idsOfBatch());
  return ids.every((id) => known.has(id)) ? new Set(ids) : null;
}
