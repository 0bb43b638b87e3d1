/** The resources of Terraform's AWS provider that events pass, and names of some that they do not. */
import { cloudWatch } from "./resources/cloudwatch.ts";
import { eventBridge } from "./resources/eventbridge.ts";
import { kinesis } from "./resources/kinesis.ts";
import { lambda } from "./resources/lambda.ts";
import { s3 } from "./resources/s3.ts";
import { sns } from "./resources/sns.ts";
import { sqs } from "./resources/sqs.ts";
import type { Translation } from "./translation.ts";

const translations: Readonly<Record<string, Translation>> = {
  ...lambda,
  ...sqs,
  ...sns,
  ...kinesis,
  ...eventBridge,
  ...s3,
  ...cloudWatch,
};

/** Common types that change no event. Any other keeps Terraform's name. */
const others: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: "AWS::CloudWatch::Dashboard",
  aws_cloudwatch_log_group: "AWS::Logs::LogGroup",
  aws_dynamodb_table: "AWS::DynamoDB::Table",
  aws_iam_policy: "AWS::IAM::ManagedPolicy",
  aws_iam_role: "AWS::IAM::Role",
  aws_iam_role_policy: "AWS::IAM::RolePolicy",
  aws_kms_key: "AWS::KMS::Key",
  aws_lambda_layer_version: "AWS::Lambda::LayerVersion",
  aws_msk_cluster: "AWS::MSK::Cluster",
  aws_mq_broker: "AWS::AmazonMQ::Broker",
  aws_s3_bucket_policy: "AWS::S3::BucketPolicy",
  aws_secretsmanager_secret: "AWS::SecretsManager::Secret",
  aws_sfn_state_machine: "AWS::StepFunctions::StateMachine",
  aws_ssm_parameter: "AWS::SSM::Parameter",
};

/** How resources of a type of Terraform stand in CloudFormation. */
export function translationOf(type: string): Translation {
  return Object.hasOwn(translations, type)
    ? translations[type]!
    : { type: Object.hasOwn(others, type) ? others[type]! : type, kind: "", rules: [] };
}
