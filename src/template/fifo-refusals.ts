/** AWS's refusals of FIFO queues, FIFO topics and their mappings, in its words. */

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
export const deadLetterTypeRefusal = "Dead-letter queue must be same type of queue as the source.";

/** https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html */
export const fifoQueueRefusal = "FIFO SQS Queues can not be subscribed to standard SNS topics";

/** The refusal of an endpoint that is no queue. https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html */
export const fifoTopicRefusal = "Please use FIFO SQS queue";

/** https://github.com/aws/aws-lambda-dotnet/pull/1758; null: Lambda takes it. */
export function fifoWindowRefusal(windowSeconds: number): string | null {
  return windowSeconds > 0 ? "Batching window is not supported for FIFO queues" : null;
}

/** Without a window, which a FIFO queue's mapping never has. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export function batchRefusal(largest: number): string {
  return `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${largest}`;
}
