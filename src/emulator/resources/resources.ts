/** The resource types that the local target models, by name. */
import { iamTypes } from "./iam.ts";
import { lambdaTypes } from "./lambda.ts";
import { logsTypes } from "./logs.ts";
import type { ResourceType } from "./resource-type.ts";
import { snsTypes } from "./sns.ts";
import { sqsTypes } from "./sqs.ts";

export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [...iamTypes, ...lambdaTypes, ...logsTypes, ...snsTypes, ...sqsTypes].map((each) => [each.type, each]),
);
