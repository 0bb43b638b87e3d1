/** Postgres instances as templates declare them. */
import { list, only, required, text } from "../template/properties.ts";
import { resourceType, takes } from "../template/resource-type.ts";
import { RdsInstances } from "./instances.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbsubnetgroup.html */
const subnetGroup = resourceType(
  "AWS::RDS::DBSubnetGroup",
  { SubnetIds: required(list(text)) },
  {
    inert: ["DBSubnetGroupDescription", "Tags"],
    creationMs: takes(3, [1, 15], "one call that takes effect at once"),
    deletionMs: takes(2, [1, 15], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const name = generatedName(account.constants["rds.maximumGroupNameCharacters"]).toLowerCase();
      account.network.attach(name, { subnet: properties.SubnetIds });
      return { physicalId: name, attributes: {}, delete: () => account.network.detach(name) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbparametergroup.html */
const parameterGroup = resourceType(
  "AWS::RDS::DBParameterGroup",
  {},
  {
    inert: ["Description", "Family", "Parameters", "Tags"],
    creationMs: takes(5, [2, 30], "the group, then its parameters"),
    deletionMs: takes(2, [1, 15], "one call that takes effect at once"),
    create({ account, generatedName }) {
      return {
        physicalId: generatedName(account.constants["rds.maximumGroupNameCharacters"]).toLowerCase(),
        attributes: {},
        delete: () => {},
      };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html */
const instance = resourceType(
  "AWS::RDS::DBInstance",
  {
    Engine: required(only("postgres")),
    DBName: required(text),
    MasterUsername: required(text),
    MasterUserPassword: required(text),
    VPCSecurityGroups: required(list(text)),
  },
  {
    inert: [
      "AllocatedStorage",
      "AutoMinorVersionUpgrade",
      "BackupRetentionPeriod",
      "CACertificateIdentifier",
      "DBInstanceClass",
      "DBParameterGroupName",
      "DBSubnetGroupName",
      "DeleteAutomatedBackups",
      "EngineVersion",
      "PubliclyAccessible",
      "StorageEncrypted",
      "StorageType",
      "Tags",
    ],
    attributes: ["Endpoint.Address", "Endpoint.Port"],
    creationMs: takes(
      330,
      [180, 900],
      "an instance, its storage and its certificate; minutes, and AWS gives no figure",
    ),
    deletionMs: takes(240, [120, 600], "minutes, without a last snapshot; AWS gives no figure"),
    create({ account, properties, generatedName }) {
      const identifier = generatedName(account.constants["rds.maximumInstanceNameCharacters"]).toLowerCase();
      const instances = account.service(RdsInstances);
      const created = instances.create(identifier, {
        name: properties.DBName,
        username: properties.MasterUsername,
        password: properties.MasterUserPassword,
        securityGroups: properties.VPCSecurityGroups,
      });
      return {
        physicalId: identifier,
        attributes: { "Endpoint.Address": created.address, "Endpoint.Port": String(created.port) },
        delete: () => instances.delete(identifier),
      };
    },
  },
);

export const rdsTypes = [subnetGroup, parameterGroup, instance];
