/** Networks as templates declare them: only that they are there, and what each part needs, is modelled. */
import type { Account, Created, NetworkPart, NetworkUses } from "../account.ts";
import { list, object, required, type Shape, text, type Values } from "../template/properties.ts";
import { type Definition, resourceType, takes } from "../template/resource-type.ts";

const oneCall = takes(2, [1, 15], "one call that takes effect at once, and a look whether it has");
const gone = takes(2, [1, 15], "one call that takes effect at once");

/** A part that exists under an id of its own, which is its one attribute, too. */
function partType<S extends Shape>(
  [type, kind, attribute]: [type: string, kind: NetworkPart, attribute: string],
  acted: S,
  uses: (properties: Values<S>) => NetworkUses,
  definition: Pick<Definition<S>, "inert" | "creationMs" | "update" | "replacedBy">,
) {
  return resourceType(type, acted, {
    ...definition,
    attributes: [attribute],
    deletionMs: gone,
    create({ account: { network }, properties }) {
      const id = network.create(kind, uses(properties));
      return { physicalId: id, attributes: { [attribute]: id }, delete: () => network.delete(id) };
    },
  });
}

/** Joins parts, which it holds for as long as it is there. */
function joint(account: Account, physicalId: string, uses: NetworkUses): Created {
  account.network.attach(physicalId, uses);
  return { physicalId, attributes: {}, delete: () => account.network.detach(physicalId) };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html */
const vpc = partType(["AWS::EC2::VPC", "vpc", "VpcId"], {}, () => ({}), {
  inert: ["CidrBlock", "EnableDnsSupport", "EnableDnsHostnames", "Tags"],
  creationMs: takes(12, [5, 30], "CloudFormation looks until the network is available"),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html */
const subnet = partType(
  ["AWS::EC2::Subnet", "subnet", "SubnetId"],
  { VpcId: required(text) },
  ({ VpcId }) => ({ vpc: [VpcId] }),
  {
    inert: ["CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "Tags"],
    creationMs: takes(5, [2, 30], "CloudFormation looks until the subnet is available"),
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-internetgateway.html */
const internetGateway = partType(
  ["AWS::EC2::InternetGateway", "internetGateway", "InternetGatewayId"],
  {},
  () => ({}),
  { inert: ["Tags"], creationMs: takes(16, [5, 30], "CloudFormation looks until the gateway can be seen") },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcgatewayattachment.html */
const gatewayAttachment = resourceType(
  "AWS::EC2::VPCGatewayAttachment",
  { VpcId: required(text), InternetGatewayId: required(text) },
  {
    creationMs: oneCall,
    deletionMs: gone,
    create: ({ account, properties: { VpcId, InternetGatewayId } }) =>
      joint(account, `IGW|${VpcId}`, { vpc: [VpcId], internetGateway: [InternetGatewayId] }),
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-routetable.html */
const routeTable = partType(
  ["AWS::EC2::RouteTable", "routeTable", "RouteTableId"],
  { VpcId: required(text) },
  ({ VpcId }) => ({ vpc: [VpcId] }),
  { inert: ["Tags"], creationMs: takes(12, [5, 30], "CloudFormation looks until the table can be seen") },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html */
const route = resourceType(
  "AWS::EC2::Route",
  { RouteTableId: required(text), DestinationCidrBlock: required(text), GatewayId: required(text) },
  {
    creationMs: oneCall,
    deletionMs: gone,
    create: ({ account, properties: { RouteTableId, DestinationCidrBlock, GatewayId } }) =>
      joint(account, `${RouteTableId}|${DestinationCidrBlock}`, {
        routeTable: [RouteTableId],
        internetGateway: [GatewayId],
      }),
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnetroutetableassociation.html */
const routeTableAssociation = resourceType(
  "AWS::EC2::SubnetRouteTableAssociation",
  { SubnetId: required(text), RouteTableId: required(text) },
  {
    attributes: ["Id"],
    creationMs: oneCall,
    deletionMs: gone,
    create({ account, properties: { SubnetId, RouteTableId } }) {
      const id = `rtbassoc-${SubnetId.replace(/^subnet-/, "")}`;
      return {
        ...joint(account, id, { subnet: [SubnetId], routeTable: [RouteTableId] }),
        attributes: { Id: id },
      };
    },
  },
);

const rule = object({
  Description: text,
  IpProtocol: required(text),
  FromPort: text,
  ToPort: text,
  CidrIp: text,
  SourceSecurityGroupId: text,
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html */
const securityGroup = partType(
  ["AWS::EC2::SecurityGroup", "securityGroup", "GroupId"],
  { VpcId: required(text), SecurityGroupIngress: list(rule) },
  ({ VpcId, SecurityGroupIngress = [] }) => ({
    vpc: [VpcId],
    securityGroup: SecurityGroupIngress.flatMap(({ SourceSecurityGroupId }) => SourceSecurityGroupId ?? []),
  }),
  {
    inert: ["GroupDescription", "SecurityGroupEgress", "Tags"],
    creationMs: takes(5, [2, 30], "the group, then its rules"),
    // Nothing that is modelled depends on the traffic that it lets in and out.
    update() {},
    replacedBy: ["GroupDescription", "VpcId"],
  },
);

export const ec2Types = [
  vpc,
  subnet,
  internetGateway,
  gatewayAttachment,
  routeTable,
  route,
  routeTableAssociation,
  securityGroup,
];
