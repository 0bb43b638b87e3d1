/** Destinations and dead letters: Lambda tells a queue, a topic or another function of a function's events. */
import type { Account, MessageAttribute } from "../account.ts";
import { ServiceError } from "../service-error.ts";

/** Sends by the function's own role; false when the role or the target refuses. */
export function sendTo(
  { iam, sqs, sns, lambda }: Account,
  roleArn: string,
  targetArn: string,
  body: unknown,
  messageAttributes: Record<string, MessageAttribute> = {},
): boolean {
  const allowed = (action: string) => iam.allows(roleArn, action, targetArn);
  const queue = sqs.queue(targetArn);
  const topic = sns.topic(targetArn);
  const fn = lambda.fn(targetArn);
  try {
    if (queue && allowed("sqs:SendMessage")) queue.send(JSON.stringify(body), { messageAttributes });
    else if (topic && allowed("sns:Publish")) topic.publish(JSON.stringify(body), { messageAttributes });
    else if (fn && allowed("lambda:InvokeFunction")) fn.invokeAsync(body);
    else return false;
    return true;
  } catch (refusal) {
    if (refusal instanceof ServiceError) return false;
    throw refusal;
  }
}
