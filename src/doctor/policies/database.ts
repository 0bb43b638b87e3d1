/**
 * The actions that CloudFormation calls for the database stack, `throttle-bench-database`, from the same source as those for the
 * scenarios. EC2's resources have random ids, so the tag that the stack puts on them narrows the actions. The others are narrowed by
 * name: RDS's names are generated from the stack's in lower case, and the secret is named like the stack.
 */
import { type StackKind, tagNames } from "../../stacks/tags.ts";
import { named, type ResourceActions } from "./statement.ts";

const kind = "database" satisfies StackKind;
const requestTag = { [`aws:RequestTag/${tagNames.kind}`]: kind };
const resourceTag = { [`aws:ResourceTag/${tagNames.kind}`]: kind };

const vpcs = "arn:aws:ec2:*:*:vpc/*";
const parts = [
  "arn:aws:ec2:*:*:internet-gateway/*",
  "arn:aws:ec2:*:*:route-table/*",
  "arn:aws:ec2:*:*:security-group/*",
  "arn:aws:ec2:*:*:subnet/*",
];
const networks = [...parts, vpcs];

/** Allows tags only with a creation. Whoever may tag others' resources could open them to the other actions. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
const tagCreated: ResourceActions = {
  TagCreated: {
    Action: ["ec2:CreateTags"],
    Resource: networks,
    Condition: {
      StringEquals: {
        ...requestTag,
        "ec2:CreateAction": [
          "CreateInternetGateway",
          "CreateRouteTable",
          "CreateSecurityGroup",
          "CreateSubnet",
          "CreateVpc",
        ],
      },
    },
  },
};

function createdVpc(...Action: string[]): ResourceActions {
  return { CreateVpc: { Action, Resource: vpcs, Condition: { StringEquals: requestTag } }, ...tagCreated };
}

/** Allows the creation of a part of a VPC. The VPC itself is the resource of `inVpc`. */
function createdPart(...Action: string[]): ResourceActions {
  return { CreateParts: { Action, Resource: parts, Condition: { StringEquals: requestTag } }, ...tagCreated };
}

function inVpc(...Action: string[]): ResourceActions {
  return { CreateInVpc: { Action, Resource: vpcs, Condition: { StringEquals: resourceTag } } };
}

function onTagged(...Action: string[]): ResourceActions {
  return { Networks: { Action, Resource: networks, Condition: { StringEquals: resourceTag } } };
}

function withoutResource(...Action: string[]): ResourceActions {
  return { WithoutResource: { Action, Resource: "*" } };
}

function databases(...Action: string[]): ResourceActions {
  const ours = ["db", "pg", "subgrp"].map((type) => `arn:aws:rds:*:*:${type}:throttle-bench-database*`);
  return { Databases: { Action, Resource: ours } };
}

function secrets(...Action: string[]): ResourceActions {
  return { Secrets: { Action, Resource: named.databaseSecret } };
}

/** The role as which RDS acts, which is made with the first database of an account. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html */
const roleOfRds: ResourceActions = {
  RoleOfRds: {
    Action: ["iam:CreateServiceLinkedRole"],
    Resource: "arn:aws:iam::*:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
    Condition: { StringEquals: { "iam:AWSServiceName": "rds.amazonaws.com" } },
  },
};

export const actionsOfDatabase: Readonly<Record<string, ResourceActions>> = {
  "AWS::EC2::VPC": {
    ...createdVpc("ec2:CreateVpc"),
    ...onTagged(
      "ec2:CreateTags",
      "ec2:DeleteTags",
      "ec2:DeleteVpc",
      "ec2:DescribeVpcAttribute",
      "ec2:ModifyVpcAttribute",
    ),
    ...withoutResource(
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeVpcEncryptionControls",
      "ec2:DescribeVpcs",
    ),
  },
  "AWS::EC2::Subnet": {
    ...createdPart("ec2:CreateSubnet"),
    ...inVpc("ec2:CreateSubnet"),
    ...onTagged("ec2:CreateTags", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:ModifySubnetAttribute"),
    ...withoutResource("ec2:DescribeNetworkAcls", "ec2:DescribeSubnets"),
  },
  "AWS::EC2::InternetGateway": {
    ...createdPart("ec2:CreateInternetGateway"),
    ...onTagged("ec2:CreateTags", "ec2:DeleteInternetGateway", "ec2:DeleteTags"),
    ...withoutResource("ec2:DescribeInternetGateways"),
  },
  "AWS::EC2::VPCGatewayAttachment": {
    ...onTagged("ec2:AttachInternetGateway", "ec2:DetachInternetGateway"),
    ...withoutResource("ec2:DescribeInternetGateways", "ec2:DescribeVpnGateways"),
  },
  "AWS::EC2::RouteTable": {
    ...createdPart("ec2:CreateRouteTable"),
    ...inVpc("ec2:CreateRouteTable"),
    ...onTagged("ec2:CreateTags", "ec2:DeleteRouteTable", "ec2:DeleteTags"),
    ...withoutResource("ec2:DescribeRouteTables"),
  },
  "AWS::EC2::Route": {
    ...onTagged("ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"),
    ...withoutResource("ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables"),
  },
  "AWS::EC2::SubnetRouteTableAssociation": {
    ...onTagged("ec2:AssociateRouteTable", "ec2:DisassociateRouteTable", "ec2:ReplaceRouteTableAssociation"),
    ...withoutResource("ec2:DescribeRouteTables", "ec2:DescribeSubnets"),
  },
  "AWS::EC2::SecurityGroup": {
    ...createdPart("ec2:CreateSecurityGroup"),
    ...inVpc("ec2:CreateSecurityGroup"),
    ...onTagged(
      "ec2:AuthorizeSecurityGroupEgress",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateTags",
      "ec2:DeleteSecurityGroup",
      "ec2:DeleteTags",
      "ec2:RevokeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress",
      "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
      "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    ),
    ...withoutResource("ec2:DescribeInstances", "ec2:DescribeSecurityGroups"),
  },
  "AWS::RDS::DBInstance": {
    ...databases(
      "rds:AddTagsToResource",
      "rds:CreateDBInstance",
      "rds:DeleteDBInstance",
      "rds:DescribeDBInstances",
      "rds:DescribeDBParameterGroups",
      "rds:ModifyDBInstance",
      "rds:RebootDBInstance",
      "rds:RemoveTagsFromResource",
    ),
    // The option group of an instance to which none is given.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html
    DefaultOptions: {
      Action: ["rds:CreateDBInstance", "rds:ModifyDBInstance"],
      Resource: "arn:aws:rds:*:*:og:default:*",
    },
    ...roleOfRds,
    ...onTagged("ec2:DescribeVpcAttribute"),
    ...withoutResource(
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
      "rds:DescribeDBEngineVersions",
      "rds:DescribeEvents",
    ),
  },
  "AWS::RDS::DBSubnetGroup": {
    ...databases(
      "rds:AddTagsToResource",
      "rds:CreateDBSubnetGroup",
      "rds:DeleteDBSubnetGroup",
      "rds:DescribeDBSubnetGroups",
      "rds:ListTagsForResource",
      "rds:ModifyDBSubnetGroup",
      "rds:RemoveTagsFromResource",
    ),
    ...roleOfRds,
  },
  "AWS::RDS::DBParameterGroup": {
    ...databases(
      "rds:AddTagsToResource",
      "rds:CreateDBParameterGroup",
      "rds:DeleteDBParameterGroup",
      "rds:DescribeDBParameterGroups",
      "rds:DescribeDBParameters",
      "rds:ListTagsForResource",
      "rds:ModifyDBParameterGroup",
      "rds:RemoveTagsFromResource",
      "rds:ResetDBParameterGroup",
    ),
    ...roleOfRds,
    ...withoutResource("rds:DescribeEngineDefaultParameters"),
  },
  // The secret's value is also read by the template's reference to the password, and by the harness.
  "AWS::SecretsManager::Secret": {
    ...secrets(
      "secretsmanager:CreateSecret",
      "secretsmanager:DeleteSecret",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:TagResource",
      "secretsmanager:UntagResource",
      "secretsmanager:UpdateSecret",
    ),
    ...withoutResource("secretsmanager:GetRandomPassword"),
  },
};
