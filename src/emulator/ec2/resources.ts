/** Networks as templates declare them: that they are there, and what each part needs, is all that is modelled of them. */
import type { Account, Created, NetworkPart } from "../account.ts";
import { list, object, required, text } from "../template/properties.ts";
import { resourceType, takes } from "../template/resource-type.ts";

const oneCall = takes(2, [1, 15], "one call that takes effect at once, and a look whether it has");
const gone = takes(2, [1, 15], "one call that takes effect at once");

/** What exists under an id of its own. */
function part(
  account: Account,
  kind: NetworkPart,
  uses: Partial<Record<NetworkPart, readonly string[]>> = {},
): { id: string; delete(): void } {
  const id = account.network.create(kind, uses);
  return { id, delete: () => account.network.delete(id) };
}

/** What only joins others: it holds them for as long as it is there. */
function joint(account: Account, physicalId: string, uses: Partial<Record<NetworkPart, readonly string[]>>): Created {
  account.network.attach(physicalId, uses);
  return { physicalId, attributes: {}, delete: () => account.network.detach(physicalId) };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html */
const vpc = resourceType(
  "AWS::EC2::VPC",
  {},
  {
    inert: ["CidrBlock", "EnableDnsSupport", "EnableDnsHostnames", "Tags"],
    attributes: ["VpcId"],
    creationMs: takes(12, [5, 30], "CloudFormation looks until the network is available"),
    deletionMs: gone,
    create({ account }) {
      const { id, ...rest } = part(account, "vpc");
      return { physicalId: id, attributes: { VpcId: id }, ...rest };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html */
const subnet = resourceType(
  "AWS::EC2::Subnet",
  { VpcId: required(text) },
  {
    inert: ["CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "Tags"],
    attributes: ["SubnetId"],
    creationMs: takes(5, [2, 30], "CloudFormation looks until the subnet is available"),
    deletionMs: gone,
    create({ account, properties }) {
      const { id, ...rest } = part(account, "subnet", { vpc: [properties.VpcId] });
      return { physicalId: id, attributes: { SubnetId: id }, ...rest };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-internetgateway.html */
const internetGateway = resourceType(
  "AWS::EC2::InternetGateway",
  {},
  {
    inert: ["Tags"],
    attributes: ["InternetGatewayId"],
    creationMs: takes(16, [5, 30], "CloudFormation looks until the gateway can be seen"),
    deletionMs: gone,
    create({ account }) {
      const { id, ...rest } = part(account, "internetGateway");
      return { physicalId: id, attributes: { InternetGatewayId: id }, ...rest };
    },
  },
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
const routeTable = resourceType(
  "AWS::EC2::RouteTable",
  { VpcId: required(text) },
  {
    inert: ["Tags"],
    attributes: ["RouteTableId"],
    creationMs: takes(12, [5, 30], "CloudFormation looks until the table can be seen"),
    deletionMs: gone,
    create({ account, properties }) {
      const { id, ...rest } = part(account, "routeTable", { vpc: [properties.VpcId] });
      return { physicalId: id, attributes: { RouteTableId: id }, ...rest };
    },
  },
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
const securityGroup = resourceType(
  "AWS::EC2::SecurityGroup",
  { VpcId: required(text), SecurityGroupIngress: list(rule) },
  {
    inert: ["GroupDescription", "SecurityGroupEgress", "Tags"],
    attributes: ["GroupId"],
    creationMs: takes(5, [2, 30], "the group, then its rules"),
    deletionMs: gone,
    create({ account, properties: { VpcId, SecurityGroupIngress = [] } }) {
      const sources = SecurityGroupIngress.flatMap(({ SourceSecurityGroupId }) => SourceSecurityGroupId ?? []);
      const { id, ...rest } = part(account, "securityGroup", { vpc: [VpcId], securityGroup: sources });
      return { physicalId: id, attributes: { GroupId: id }, ...rest };
    },
    // Whom it lets in and out changes nothing that is modelled.
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
