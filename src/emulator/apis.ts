/** The APIs that the front answers, a line each. */
export { cloudFormationApi } from "./cloudformation/api.ts";
export { cloudWatchApi } from "./cloudwatch/api.ts";
export { eventBridgeApi } from "./eventbridge/api.ts";
export { iamApi } from "./iam/api.ts";
export { stsApi } from "./iam/sts-api.ts";
export { kinesisApi } from "./kinesis/api.ts";
export { lambdaApi } from "./lambda/api.ts";
export { logsApi } from "./logs/api.ts";
export { secretsManagerApi } from "./secrets-manager/api.ts";
export { snsApi } from "./sns/api.ts";
export { sqsApi } from "./sqs/api.ts";
