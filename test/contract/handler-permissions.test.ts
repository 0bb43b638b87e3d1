/**
 * The policies `deploy` and `database` against what the handlers of the resource types call, of AWS's registry
 * (`handler-permissions.json`): nothing is missing but what belongs to properties that no template has, and nothing is too much.
 * The schemas name no action's property; which it belongs to is read from the action's name and documentation.
 */
import { describe, expect, it } from "vitest";
import { actionsOfTypes } from "../../src/doctor/policies.ts";
import { readTemplate } from "../../src/template/sections.ts";
import type { TemplateMap, TemplateResource } from "../../src/template/template.ts";
import handlerPermissions from "./handler-permissions.json" with { type: "json" };
import { declarationsOf } from "./property-constraints.ts";
import { shippedTemplates } from "./shipped-templates.ts";

const types: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = handlerPermissions.types;
const policies = ["deploy", "database"] as const;

const keys = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"];

/** The actions that a property would need, by type and property. No template has any of these properties. */
const ofAbsentProperties: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "AWS::Lambda::Function": {
    CapacityProviderConfig: ["lambda:PassCapacityProvider"],
    "Code/S3Bucket": ["s3:GetObject", "s3:GetObjectVersion"],
    CodeSigningConfigArn: [
      "lambda:DeleteFunctionCodeSigningConfig",
      "lambda:GetCodeSigningConfig",
      "lambda:PutFunctionCodeSigningConfig",
    ],
    FileSystemConfigs: ["elasticfilesystem:DescribeMountTargets", "s3files:ListMountTargets"],
    FunctionScalingConfig: ["lambda:PutFunctionScalingConfig"],
    KmsKeyArn: keys,
    Layers: ["lambda:GetLayerVersion"],
    PublishToLatestPublished: ["lambda:PublishVersion"],
    RecursiveLoop: ["lambda:PutFunctionRecursionConfig"],
    RuntimeManagementConfig: ["lambda:PutRuntimeManagementConfig"],
  },
  "AWS::Lambda::EventSourceMapping": { KmsKeyArn: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"] },
  "AWS::Events::EventBus": {
    KmsKeyIdentifier: [
      ...keys.filter((action) => action !== "kms:CreateGrant"),
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    Policy: ["events:PutPermission", "events:RemovePermission"],
  },
  "AWS::Events::Connection": { KmsKeyIdentifier: keys.filter((action) => action !== "kms:CreateGrant") },
  "AWS::SNS::Topic": {
    DataProtectionPolicy: ["sns:PutDataProtectionPolicy"],
    DeliveryStatusLogging: ["iam:GetRole", "iam:PassRole"],
    Subscription: ["sns:Subscribe", "sns:Unsubscribe"],
  },
  "AWS::SNS::Subscription": { SubscriptionRoleArn: ["iam:GetRole", "iam:PassRole"] },
  "AWS::Kinesis::Stream": {
    DesiredShardLevelMetrics: ["kinesis:DisableEnhancedMonitoring", "kinesis:EnableEnhancedMonitoring"],
    MaxRecordSizeInKiB: ["kinesis:UpdateMaxRecordSize"],
    RetentionPeriodHours: ["kinesis:DecreaseStreamRetentionPeriod", "kinesis:IncreaseStreamRetentionPeriod"],
    StreamEncryption: ["kinesis:StartStreamEncryption", "kinesis:StopStreamEncryption"],
    StreamModeDetails: ["kinesis:UpdateStreamMode"],
    WarmThroughputMiBps: ["kinesis:UpdateStreamWarmThroughput"],
  },
  "AWS::IAM::Role": {
    Description: ["iam:UpdateRoleDescription"],
    ManagedPolicyArns: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
    PermissionsBoundary: ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"],
  },
  "AWS::Logs::LogGroup": {
    // With a destination of its findings, a bucket or a stream, which is what the deliveries are.
    DataProtectionPolicy: [
      "firehose:TagDeliveryStream",
      "logs:CreateLogDelivery",
      "logs:DeleteDataProtectionPolicy",
      "logs:PutDataProtectionPolicy",
      "s3:REST.PUT.OBJECT",
    ],
    DeletionProtectionEnabled: ["logs:PutLogGroupDeletionProtection"],
    FieldIndexPolicies: ["logs:DeleteIndexPolicy", "logs:PutIndexPolicy"],
    KmsKeyId: ["logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
    ResourcePolicyDocument: ["logs:DeleteResourcePolicy", "logs:PutResourcePolicy"],
  },
  "AWS::EC2::VPC": { InstanceTenancy: ["ec2:ModifyVpcTenancy"] },
  "AWS::EC2::VPCGatewayAttachment": { VpnGatewayId: ["ec2:AttachVpnGateway", "ec2:DetachVpnGateway"] },
  "AWS::RDS::DBInstance": {
    AssociatedRoles: ["rds:AddRoleToDBInstance", "rds:RemoveRoleFromDBInstance"],
    AutomaticBackupReplicationRegion: [
      "rds:DescribeDBInstanceAutomatedBackups",
      "rds:StartDBInstanceAutomatedBackupsReplication",
      "rds:StopDBInstanceAutomatedBackupsReplication",
    ],
    DBClusterIdentifier: ["rds:DescribeDBClusters"],
    DBClusterSnapshotIdentifier: ["rds:DescribeDBClusterSnapshots"],
    DBSnapshotIdentifier: ["rds:DescribeDBSnapshots", "rds:RestoreDBInstanceFromDBSnapshot"],
    // With its own key, RDS needs nobody's permission but its callers'.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
    KmsKeyId: ["kms:CreateGrant", "kms:DescribeKey"],
    ManageMasterUserPassword: ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
    MonitoringRoleArn: ["iam:GetRole", "iam:ListRoles", "iam:PassRole"],
    SourceDBInstanceIdentifier: ["rds:CreateDBInstanceReadReplica", "rds:PromoteReadReplica"],
    UseLatestRestorableTime: ["rds:RestoreDBInstanceToPointInTime"],
  },
  "AWS::SecretsManager::Secret": {
    ReplicaRegions: ["secretsmanager:RemoveRegionsFromReplication", "secretsmanager:ReplicateSecretToRegions"],
  },
};

/** The reasons why an action is not called that no property alone decides, by type and action. */
const otherwiseNeedless: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "AWS::Kinesis::Stream": { "kinesis:UpdateShardCount": "no stack changes its number of shards" },
  "AWS::Logs::LogGroup": {
    "logs:PutBearerTokenAuthentication": "no template lets a log group be written to with a token",
  },
  "AWS::EC2::VPC": { "ec2:CreateVpcEncryptionControl": "no template asks for the encryption of a VPC's traffic" },
  "AWS::EC2::Subnet": {
    "ec2:AssociateSubnetCidrBlock": "no subnet has IPv6",
    "ec2:DisassociateSubnetCidrBlock": "no subnet has IPv6",
  },
  "AWS::RDS::DBInstance": {
    "rds:CreateDBSnapshot": "DeletionPolicy Delete goes without a last snapshot",
  },
};

const calledFor = (type: string): string[] => [...new Set(Object.values(types[type] ?? {}).flat())].sort();

function needlessFor(type: string): string[] {
  const properties = Object.values(ofAbsentProperties[type] ?? {}).flat();
  return [...properties, ...Object.keys(otherwiseNeedless[type] ?? {})];
}

const resources: readonly TemplateResource[] = shippedTemplates.flatMap(({ text }) => readTemplate(text).resources);

function hasProperty(properties: TemplateMap, path: string): boolean {
  const [name, ...rest] = path.split("/");
  const value = properties[name!];
  if (value === undefined) return false;
  return rest.length === 0 || JSON.stringify(value).includes(`"${rest.join("/")}"`);
}

it("is known of every resource type of the policies what its handlers call, and of no other", () => {
  const handled = policies.flatMap((policy) => Object.keys(actionsOfTypes[policy]));
  expect(Object.keys(types).sort()).toEqual(handled.sort());
  for (const type of handled) expect(calledFor(type).length).toBeGreaterThan(0);
});

describe.each(policies)("the policy %s", (policy) => {
  it.each(Object.entries(actionsOfTypes[policy]))(
    "holds for %s what its handlers call and no more",
    (type, statements) => {
      const held = new Set(Object.values(statements).flatMap(({ Action }) => [...Action]));
      const needless = needlessFor(type);
      expect([...held, ...needless].sort()).toEqual(calledFor(type));
    },
  );
});

describe("the templates", () => {
  const absent = Object.entries(ofAbsentProperties).flatMap(([type, properties]) =>
    Object.keys(properties).map((path) => ({ type, path })),
  );

  it.each(absent)("have no $path of $type, which AWS has", ({ type, path }) => {
    const { properties } = declarationsOf(type);
    expect(properties.kind === "object" && properties.properties.has(path.split("/")[0]!)).toBe(true);
    const having = resources.filter((each) => each.type === type && hasProperty(each.properties, path));
    expect(having.map(({ logicalId }) => logicalId)).toEqual([]);
  });

  it("delete a database without a last snapshot, and have no IPv6", () => {
    const of = (type: string) => resources.filter((each) => each.type === type);
    for (const { declaration } of of("AWS::RDS::DBInstance")) {
      expect(declaration).toMatchObject({ DeletionPolicy: "Delete", UpdateReplacePolicy: "Delete" });
    }
    for (const { properties } of of("AWS::EC2::Subnet")) expect(JSON.stringify(properties)).not.toContain("Ipv6");
  });
});
