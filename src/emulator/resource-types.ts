/** The resource types that the local target models, by name. */
import { ec2Types } from "./ec2/resources.ts";
import { iamTypes } from "./iam/resources.ts";
import { lambdaTypes } from "./lambda/resources.ts";
import { logsTypes } from "./logs/resources.ts";
import { rdsTypes } from "./rds/resources.ts";
import { secretsManagerTypes } from "./secrets-manager/resources.ts";
import { snsTypes } from "./sns/resources.ts";
import { sqsTypes } from "./sqs/resources.ts";
import type { ResourceType } from "./template/resource-type.ts";

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
