/** Values that AWS takes one by one and refuses together, in its words. */

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html; null: Lambda takes them. */
export function visibilityRefusal(visibilitySeconds: number, timeoutSeconds: number): string | null {
  return visibilitySeconds >= timeoutSeconds
    ? null
    : `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`;
}

/**
 * A mapping that reads a FIFO queue, so that its batches are of ten messages at most.
 * https://github.com/aws/aws-lambda-dotnet/pull/1758; null: Lambda takes it.
 */
export function fifoWindowRefusal(windowSeconds: number): string | null {
  return windowSeconds > 0 ? "Batching window is not supported for FIFO queues" : null;
}

/** A batch of more than `largest` messages needs a window of at least `leastSeconds`. */
export interface WindowRule {
  largest: number;
  leastSeconds: number;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html; null: Lambda takes them. */
export function windowRefusal(batchSize: number, windowSeconds: number, rule: WindowRule): string | null {
  return batchSize <= rule.largest || windowSeconds >= rule.leastSeconds
    ? null
    : `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${rule.largest}`;
}
