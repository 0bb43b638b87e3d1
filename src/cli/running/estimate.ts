/** The estimate of what runs on an account will cost, and the refusal of those that would cost more than they may. */
import { BenchError } from "../../errors.ts";
import { addedUp, expensesAhead, sumOfExpenses } from "../../metrics/cost-ahead.ts";
import type { Expense, RunRequest } from "../../model.ts";
import { tooDearText } from "../../reports/spending.ts";
import { attemptsAhead } from "../../scenarios/attempts.ts";
import { functionOf } from "../../steps/function.ts";
import { unpricedIn } from "../../steps/unpriced-resources.ts";
import { serviceDefaults } from "../../targets/service-rules.ts";

/** The most that a run will cost, as far as its settings tell how often the consumer fails. */
export function estimateOf(request: RunRequest): Expense[] {
  const { scenario, settings, events, spikes, prices } = request;
  const { topology } = scenario;
  const consumer = functionOf(scenario, settings, "ConsumerFunction");
  const attempts = attemptsAhead(request, consumer?.logicalId ?? null, serviceDefaults);
  return expensesAhead({ topology, settings, events, attempts, ...(spikes && { spikes }), ...(prices && { prices }) });
}

/** Throws `bad-usage` where all of the runs together would cost more than the limit that they have. */
export function refuseTooDear(requests: readonly RunRequest[]): void {
  const limitDollars = requests[0]?.maxCostDollars;
  if (limitDollars === undefined) return;
  const expenses = addedUp(requests.map(estimateOf));
  if (sumOfExpenses(expenses) <= limitDollars) return;
  const unpriced = [...new Set(requests.flatMap(unpricedIn))];
  const hasSpikes = requests.some(({ spikes }) => spikes !== undefined && spikes.count > 1);
  const text = tooDearText(expenses, { limitDollars, runs: requests.length, hasSpikes, unpriced });
  throw new BenchError("bad-usage", text);
}
