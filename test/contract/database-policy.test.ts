/**
 * The calls that the database policy allows, by IAM's rules: to the database stack's own resources, which its tag or their names
 * show, everything that CloudFormation does; to those of others nothing, nor make others' its own.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyOf } from "../../src/doctor/policies.ts";
import type { AccessRequest, PolicyDocument } from "../../src/emulator/account.ts";
import { isAllowed } from "../../src/emulator/iam/roles.ts";

const policy = policyOf("database") as unknown as PolicyDocument;
const allows = (request: AccessRequest) => isAllowed([policy], request);

const inAccount = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const ec2 = (type: string, context: Record<string, string> = {}) => ({
  resource: inAccount("ec2", `${type}/${type}-0a1b2c`),
  context,
});
const requested = { "aws:RequestTag/throttle-bench": "database" };
const tagged = { "aws:ResourceTag/throttle-bench": "database" };
/** A run's resources are for the deploy policy, those without a tag are somebody else's. */
const others: Record<string, string>[] = [
  {},
  { "aws:ResourceTag/throttle-bench": "run" },
  { "aws:ResourceTag/owner": "payments" },
];

const creations = [
  ["CreateVpc", "vpc"],
  ["CreateSubnet", "subnet"],
  ["CreateInternetGateway", "internet-gateway"],
  ["CreateRouteTable", "route-table"],
  ["CreateSecurityGroup", "security-group"],
] as const;

describe.each(creations)("%s", (creation, type) => {
  it("is allowed with the stack's tag, and the tag with it", () => {
    expect(allows({ action: `ec2:${creation}`, ...ec2(type, requested) })).toBe(true);
    const withCreation = { ...requested, "ec2:CreateAction": creation };
    expect(allows({ action: "ec2:CreateTags", ...ec2(type, withCreation) })).toBe(true);
  });

  it("is denied without the stack's tag", () => {
    expect(allows({ action: `ec2:${creation}`, ...ec2(type) })).toBe(false);
  });

  it("is undone on what carries the stack's tag alone", () => {
    const deletion = creation.replace("Create", "Delete");
    expect(allows({ action: `ec2:${deletion}`, ...ec2(type, tagged) })).toBe(true);
    for (const context of others) expect(allows({ action: `ec2:${deletion}`, ...ec2(type, context) })).toBe(false);
  });

  it("gives no way to put the stack's tag on what is there already", () => {
    for (const context of others) {
      expect(allows({ action: "ec2:CreateTags", ...ec2(type, { ...context, ...requested }) })).toBe(false);
    }
  });
});

it.each(creations.filter(([, type]) => !["vpc", "internet-gateway"].includes(type)))(
  "%s is allowed in the stack's VPC alone",
  (creation) => {
    expect(allows({ action: `ec2:${creation}`, ...ec2("vpc", tagged) })).toBe(true);
    for (const context of others) {
      expect(allows({ action: `ec2:${creation}`, ...ec2("vpc", { ...context, ...requested }) })).toBe(false);
    }
  },
);

/** A name as CloudFormation generates it: the stack's, the logical id, twelve characters; RDS's in lower case. */
const generated = fc
  .tuple(fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,15}$/), fc.stringMatching(/^[a-z0-9]{12}$/))
  .map(([logicalId, suffix]) => `throttle-bench-database-${logicalId}-${suffix}`.toLowerCase());

const rds = [
  ["DBInstance", "db"],
  ["DBSubnetGroup", "subgrp"],
  ["DBParameterGroup", "pg"],
] as const;

describe.each(rds)("an AWS::RDS::%s", (type, arnType) => {
  it("is made, changed and deleted under the name that CloudFormation generates", () => {
    fc.assert(
      fc.property(generated, fc.constantFrom("Create", "Modify", "Delete"), (name, verb) =>
        allows({ action: `rds:${verb}${type}`, resource: inAccount("rds", `${arnType}:${name}`) }),
      ),
    );
  });

  it("is left alone under any other name", () => {
    for (const name of ["payments", "throttle-bench", "throttle-bench-20261124-093000-scenario-4-x7k2-db", "default"]) {
      for (const verb of ["Create", "Modify", "Delete"]) {
        expect(allows({ action: `rds:${verb}${type}`, resource: inAccount("rds", `${arnType}:${name}`) })).toBe(false);
      }
    }
  });
});

it("lets the secret be made, read and deleted that is named like the stack, and no other", () => {
  for (const verb of ["CreateSecret", "GetSecretValue", "UpdateSecret", "DeleteSecret"]) {
    const action = `secretsmanager:${verb}`;
    const secret = (name: string) => inAccount("secretsmanager", `secret:${name}-a1B2c3`);
    // The stack's name and the last part of its id.
    const own = "throttle-bench-database-51af3dc0-da77-11e4-872e-1234567db123";
    expect(allows({ action, resource: secret(own) })).toBe(true);
    expect(allows({ action, resource: secret("throttle-bench") })).toBe(false);
    expect(allows({ action, resource: secret("payments") })).toBe(false);
  }
});

it("makes the role of RDS and no role of another service", () => {
  const resource = "arn:aws:iam::123456789012:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS";
  const asked = (service: string) => ({
    action: "iam:CreateServiceLinkedRole",
    resource,
    context: { "iam:AWSServiceName": service },
  });
  expect(allows(asked("rds.amazonaws.com"))).toBe(true);
  expect(allows(asked("ecs.amazonaws.com"))).toBe(false);
  expect(allows({ action: "iam:CreateRole", resource: "arn:aws:iam::123456789012:role/throttle-bench-x" })).toBe(false);
});
