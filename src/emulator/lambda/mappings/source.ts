/** A kind of event source, as each file of a kind describes it. */
import type { Account, LambdaFunction } from "../../account.ts";
import type { Output } from "../../api/operation.ts";
import type { Shape } from "../../template/properties.ts";
import type { EventSourceMapping } from "./mapping.ts";
import type { CommonSettings } from "./settings.ts";

export interface EventSource {
  /** The service in the source's ARN, such as `sqs`. */
  readonly service: string;
  /** With its article, such as `an SQS queue`. */
  readonly noun: string;
  /** The members of a mapping's input that this kind of source has beyond the common ones. */
  readonly inputs: Shape;
  /** The values of `inputs` as settings. */
  settings(input: object): object;
  /** The settings that are this source's own, as AWS answers them. */
  describe(settings: CommonSettings): Output;
  /**
   * Makes a mapping that has not started yet.
   * @throws ServiceError for a source that is not there, missing permissions, or settings out of bounds.
   */
  map(account: Account, eventSourceArn: string, fn: LambdaFunction, settings: object): EventSourceMapping;
}
