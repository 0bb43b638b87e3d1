/** Resources that change no event: they neither send events to, nor take them from, nor change the settings of, anything on an event's path. */
import type { Account, Creation, ResourceType } from "../account.ts";
import { takes } from "../template/resource-type.ts";

interface Inert {
  /** the identifier that `Ref` gives, when it is not the name */
  ref?: "uuid" | "arn";
  /** the property that names it */
  name?: string;
  /** the attributes by `Fn::GetAtt`, with {name}, {region} and {account} in them */
  attributes?: Record<string, string>;
}

const own = "{region}:{account}";

/** The Refs and attributes by the resource's page of https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference. */
const inertTypes: Record<string, Inert> = {
  "AWS::ApiGateway::ApiKey": { attributes: { APIKeyId: "{name}" } },
  "AWS::ApiGateway::Model": {},
  "AWS::ApiGateway::RequestValidator": { attributes: { RequestValidatorId: "{name}" } },
  "AWS::ApiGateway::UsagePlan": { attributes: { Id: "{name}" } },
  "AWS::Budgets::Budget": {},
  "AWS::CDK::Metadata": {},
  "AWS::CloudFormation::WaitConditionHandle": {},
  "AWS::CloudWatch::Alarm": { name: "AlarmName", attributes: { Arn: `arn:aws:cloudwatch:${own}:alarm:{name}` } },
  "AWS::CloudWatch::AnomalyDetector": { attributes: { Id: "{name}" } },
  "AWS::CloudWatch::CompositeAlarm": {
    name: "AlarmName",
    attributes: { Arn: `arn:aws:cloudwatch:${own}:alarm:{name}` },
  },
  "AWS::CloudWatch::Dashboard": { name: "DashboardName" },
  "AWS::DynamoDB::Table": { name: "TableName", attributes: { Arn: `arn:aws:dynamodb:${own}:table/{name}` } },
  "AWS::ECR::Repository": {
    name: "RepositoryName",
    attributes: {
      Arn: `arn:aws:ecr:${own}:repository/{name}`,
      RepositoryUri: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
  },
  "AWS::KMS::Alias": { name: "AliasName" },
  "AWS::KMS::Key": { ref: "uuid", attributes: { Arn: `arn:aws:kms:${own}:key/{name}`, KeyId: "{name}" } },
  "AWS::Lambda::LayerVersion": {
    name: "LayerName",
    ref: "arn",
    attributes: { LayerVersionArn: `arn:aws:lambda:${own}:layer:{name}:1` },
  },
  "AWS::Lambda::LayerVersionPermission": {},
  "AWS::Logs::MetricFilter": { name: "FilterName" },
  "AWS::Logs::QueryDefinition": { attributes: { QueryDefinitionId: "{name}" } },
  "AWS::Logs::ResourcePolicy": { name: "PolicyName" },
  "AWS::S3::BucketPolicy": {},
  "AWS::SSM::Parameter": { name: "Name" },
  "AWS::XRay::Group": {},
  "AWS::XRay::SamplingRule": {},
};

function inertType(type: string, { ref, name: named, attributes = {} }: Inert): ResourceType {
  return {
    type,
    isInert: true,
    attributes: Object.keys(attributes),
    iam: null,
    creationMs: takes(3, [1, 60], "a few calls that take effect at once; nothing of the path waits for it"),
    deletionMs: takes(2, [0.5, 60], "one call that takes effect at once"),
    check: () => [],
    replacedBy: [],
    create({ account, properties, generatedName }: Creation<Record<string, unknown>>) {
      const given = named === undefined ? undefined : properties[named];
      const name =
        ref === "uuid"
          ? account.kernel.random("inert resources").uuid()
          : typeof given === "string"
            ? given
            : generatedName(64);
      const values = Object.entries(attributes).map(([key, text]) => [key, filled(text, name, account)] as const);
      const [arn] = values.map(([, value]) => value);
      return {
        physicalId: ref === "arn" && arn !== undefined ? arn : name,
        attributes: Object.fromEntries(values),
        delete() {},
      };
    },
    // Whatever changes of it, no event does.
    update() {},
  };
}

function filled(text: string, name: string, { region, accountId }: Account): string {
  return text.replaceAll("{name}", name).replaceAll("{region}", region).replaceAll("{account}", accountId);
}

export const inertResourceTypes = Object.entries(inertTypes).map(([type, inert]) => inertType(type, inert));
