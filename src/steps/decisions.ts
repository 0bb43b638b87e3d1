/** Counts what the numbers of the model decide during a run. */
import type { Target } from "../targets/target.ts";

/** By the number's name; null: nobody counts. */
export type Decisions = Readonly<Record<string, number>> | null;

/** Begins to count. The result resolves with what has been decided since then, for a served model may have had other runs before. */
export async function countDecisions(target: Target): Promise<() => Promise<Decisions>> {
  const before = await target.decisions();
  return async () => {
    const after = await target.decisions();
    if (before === null || after === null) return null;
    return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
  };
}
