/** The resource types that the local target models, by name. */
import { ec2Types } from "./ec2.ts";
import { iamTypes } from "./iam.ts";
import { lambdaTypes } from "./lambda.ts";
import { logsTypes } from "./logs.ts";
import { rdsTypes } from "./rds.ts";
import type { ResourceType } from "./resource-type.ts";
import { secretsManagerTypes } from "./secrets-manager.ts";
import { snsTypes } from "./sns.ts";
import { sqsTypes } from "./sqs.ts";

export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    ...ec2Types,
    ...iamTypes,
    ...lambdaTypes,
    ...logsTypes,
    ...rdsTypes,
    ...secretsManagerTypes,
    ...snsTypes,
    ...sqsTypes,
  ].map((each) => [each.type, each]),
);
