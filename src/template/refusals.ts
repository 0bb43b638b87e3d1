/** Values that AWS takes one by one and refuses together, in its words. */
import { batchRefusal } from "./fifo-refusals.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html; null: Lambda takes them. */
export function visibilityRefusal(visibilitySeconds: number, timeoutSeconds: number): string | null {
  return visibilitySeconds >= timeoutSeconds
    ? null
    : `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html; null: Lambda takes them. The words are ours. */
export function pollersRefusal(minimum: number, maximum: number): string | null {
  return minimum > maximum ? "MinimumPollers must not be greater than MaximumPollers" : null;
}

/** A batch of more than `largest` messages needs a window of at least `leastSeconds`. */
export interface WindowRule {
  largest: number;
  leastSeconds: number;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html; null: Lambda takes them. */
export function windowRefusal(batchSize: number, windowSeconds: number, rule: WindowRule): string | null {
  return batchSize <= rule.largest || windowSeconds >= rule.leastSeconds ? null : batchRefusal(rule.largest);
}
