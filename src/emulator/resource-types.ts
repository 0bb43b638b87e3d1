/** The resource types that stacks can have, a line for each service. */
export { ec2Types } from "./ec2/resources.ts";
export { eventBridgeTypes } from "./eventbridge/resources.ts";
export { iamTypes } from "./iam/resources.ts";
export { inertResourceTypes } from "./inert/resources.ts";
export { kinesisTypes } from "./kinesis/resources.ts";
export { lambdaTypes } from "./lambda/resources.ts";
export { logsTypes } from "./logs/resources.ts";
export { rdsTypes } from "./rds/resources.ts";
export { secretsManagerTypes } from "./secrets-manager/resources.ts";
export { snsTypes } from "./sns/resources.ts";
export { sqsTypes } from "./sqs/resources.ts";
