/** The parts of a database in an account: networks, secrets, instances, and the functions that reach them. */

import { readFileSync } from "node:fs";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect } from "vitest";
import { requestHandlerOf } from "../../src/emulator/request-handler.ts";
import { ServiceError } from "../../src/emulator/service-error.ts";
import { AnAccount } from "./an-account.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { assumed, documented } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const vpcGuide = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html";
const secretsApi = "https://docs.aws.amazon.com/secretsmanager/latest/apireference";

const databaseTemplate = readFileSync(new URL("../../infra/database.yaml", import.meta.url), "utf8");

/** A stack by name, and its outputs, after `seconds`. */
async function stackOf(account: AnAccount, stackName: string, templateBody: string, parameters = {}, seconds = 1_200) {
  const given = Object.entries(parameters).map(([key, value]) => ({ key, value: String(value) }));
  const capabilities = ["CAPABILITY_IAM"];
  account.cloudFormation.createStack({ stackName, templateBody, parameters: given, capabilities });
  await account.pass(seconds);
  const [stack] = account.cloudFormation.describeStacks(stackName);
  return { stack: stack!, outputs: Object.fromEntries(stack!.outputs.map(({ key, value }) => [key, value])) };
}

const theDatabase = (account: AnAccount) =>
  stackOf(account, "database", databaseTemplate, { CallerAddress: "203.0.113.7/32" });

/** A function in a network, by a role that may or may not make interfaces. */
const functionIn = (subnets: string, groups: string, action = "ec2:CreateNetworkInterface") => `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Action: "sts:AssumeRole", Principal: { Service: lambda.amazonaws.com } }
      Policies:
        - PolicyName: network
          PolicyDocument: { Statement: { Effect: Allow, Action: "${action}", Resource: "*" } }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: { ZipFile: "exports.handler = async () => {}" }
      VpcConfig: { SubnetIds: [${subnets}], SecurityGroupIds: [${groups}] }
`;

const failureOf = (account: AnAccount, stackName: string, logicalId: string, status: string) =>
  account.cloudFormation
    .describeStackEvents(stackName)
    .find((event) => event.logicalId === logicalId && event.status === status)?.statusReason;

describe("the database's stack", () => {
  documented(
    `${guide}/dynamic-references-secretsmanager.html`,
    "has its password from the secret, and shows it nowhere",
    async () => {
      const account = new AnAccount();
      const { stack, outputs } = await theDatabase(account);
      expect(stack.status).toBe("CREATE_COMPLETE");
      const secret = account.secrets.secret(outputs.Secret!);
      const { username, password } = JSON.parse(secret.value) as Record<string, string>;
      expect(username).toBe("benchmark");
      expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
      const shown = JSON.stringify([
        stack,
        account.cloudFormation.describeStackEvents("database"),
        account.cloudFormation.describeStackResources("database"),
        account.cloudFormation.getTemplate("database"),
      ]);
      expect(shown).not.toContain(password);
    },
  );

  documented(
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html",
    "has an endpoint in the region's domain of RDS, at Postgres's port",
    async () => {
      const { outputs } = await theDatabase(new AnAccount());
      expect(outputs.Host).toMatch(/^database-database-[a-z0-9]{12}\.[a-z0-9]+\.us-east-1\.rds\.amazonaws\.com$/);
      expect(outputs).toMatchObject({ Port: "5432", Name: "bench", CallerAddress: "203.0.113.7/32" });
      expect(outputs.SubnetIds!.split(",")).toEqual([
        expect.stringMatching(/^subnet-[0-9a-f]{17}$/),
        expect.stringMatching(/^subnet-[0-9a-f]{17}$/),
      ]);
    },
  );

  documented(
    `${guide}/intrinsic-function-reference-getavailabilityzones.html`,
    "lies in two zones of its own region",
    async () => {
      const account = new AnAccount();
      const { outputs } = await stackOf(
        account,
        "zones",
        `Resources: { Topic: { Type: AWS::SNS::Topic } }
Outputs:
  Own: { Value: !Join [" ", !GetAZs ""] }
  First: { Value: !Select [0, !GetAZs { Ref: "AWS::Region" }] }`,
      );
      expect(outputs).toEqual({ Own: "us-east-1a us-east-1b us-east-1c", First: "us-east-1a" });
    },
  );

  documented(`${secretsApi}/API_GetSecretValue.html`, "gives its secret to a request that names its ARN", async () => {
    const { emulator } = new AnEmulator();
    const client = new SecretsManagerClient({
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      requestHandler: requestHandlerOf(emulator.front),
      maxAttempts: 1,
    });
    const { arn } = emulator.secrets.create("bench", '{"a":"b"}');
    const answer = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    expect(answer).toMatchObject({ ARN: arn, Name: "bench", SecretString: '{"a":"b"}' });
    expect(answer.CreatedDate).toEqual(new Date(emulator.kernel.now));
    const missing = await rejection(client.send(new GetSecretValueCommand({ SecretId: "other" })));
    expect(missing).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  assumed("AWS's own words are not known; the name is", "fails by name when a reference leads nowhere", async () => {
    const account = new AnAccount();
    await stackOf(
      account,
      "nowhere",
      'Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: "{{resolve:secretsmanager:no:SecretString:x}}" } } }',
    );
    expect(failureOf(account, "nowhere", "Topic", "CREATE_FAILED")).toMatch(/can't find the specified secret/);
    const ssm = 'Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: "{{resolve:ssm:name}}" } } }';
    expect(() => account.cloudFormation.validateTemplate(ssm)).toThrow(
      "the dynamic reference {{resolve:ssm:name}} of T is not modelled",
    );
  });
});

describe("a function in a network", () => {
  documented(
    "https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html",
    "keeps the network from going, until it goes itself",
    async () => {
      const account = new AnAccount();
      const { outputs } = await theDatabase(account);
      const { stack } = await stackOf(account, "run", functionIn(outputs.SubnetIds!, outputs.SecurityGroupIds!));
      expect(stack.status).toBe("CREATE_COMPLETE");
      account.cloudFormation.deleteStack("database");
      await account.pass(1_200);
      expect(account.cloudFormation.describeStacks("database")[0]!.status).toBe("DELETE_FAILED");
      expect(failureOf(account, "database", "FunctionsSecurityGroup", "DELETE_FAILED")).toMatch(
        /resource sg-[0-9a-f]{17} has a dependent object .*DependencyViolation/,
      );
      account.cloudFormation.deleteStack("run");
      await account.pass(1_200);
      account.cloudFormation.deleteStack("database");
      await account.pass(1_200);
      expect(account.cloudFormation.describeStacks()).toEqual([]);
    },
  );

  documented(`${vpcGuide}#configuration-vpc-permissions`, "needs a role that may make network interfaces", async () => {
    const account = new AnAccount();
    const { outputs } = await theDatabase(account);
    await stackOf(
      account,
      "run",
      functionIn(outputs.SubnetIds!, outputs.SecurityGroupIds!, "ec2:DescribeNetworkInterfaces"),
    );
    expect(failureOf(account, "run", "Function", "CREATE_FAILED")).toMatch(
      /execution role does not have permissions to call CreateNetworkInterface on EC2/,
    );
  });

  assumed(
    "AWS's page names the calls that Lambda makes, not the words of their failure",
    "needs subnets and security groups that are there",
    async () => {
      const account = new AnAccount();
      const { outputs } = await theDatabase(account);
      const [subnet] = outputs.SubnetIds!.split(",");
      await stackOf(account, "a", functionIn("subnet-0000000000000000f", outputs.SecurityGroupIds!));
      await stackOf(account, "b", functionIn(subnet!, "sg-0000000000000000f"));
      expect(failureOf(account, "a", "Function", "CREATE_FAILED")).toMatch(
        /InvalidSubnetID\.NotFound.*The subnet ID 'subnet-0000000000000000f' does not exist/,
      );
      expect(failureOf(account, "b", "Function", "CREATE_FAILED")).toMatch(
        /InvalidGroup\.NotFound.*The security group 'sg-0000000000000000f' does not exist/,
      );
    },
  );
});

describe("a secret of a template", () => {
  const secretOf = (properties: string) => `
Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { ${properties} } }
Outputs:
  Secret: { Value: !Ref Secret }
`;
  const reference =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html";

  documented(
    reference,
    "has a password of 32 characters, punctuation too, unless the template says otherwise",
    async () => {
      const account = new AnAccount();
      const passwordOf = async (stack: string, more: string) => {
        const generate = `GenerateSecretString: { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: password${more} }`;
        const { outputs } = await stackOf(account, stack, secretOf(`Name: ${stack}, ${generate}`), {}, 60);
        const { user, password } = JSON.parse(account.secrets.secret(stack).value) as Record<string, string>;
        expect(account.secrets.secret(stack).arn).toBe(outputs.Secret);
        expect(user).toBe("me");
        return password;
      };
      expect(await passwordOf("default", "")).toMatch(/^(?=.*[^A-Za-z0-9])\S{32}$/);
      expect(await passwordOf("plain", ", PasswordLength: 200, ExcludePunctuation: true")).toMatch(
        /^[A-Za-z0-9]{200}$/,
      );
    },
  );

  documented(
    reference,
    "is not created of what is no JSON object, with a length that there is not, or twice",
    async () => {
      const account = new AnAccount();
      const reasonOf = async (stack: string, template: string, more = "") => {
        const generate = `GenerateSecretString: { SecretStringTemplate: '${template}', GenerateStringKey: password${more} }`;
        await stackOf(account, stack, secretOf(`Name: mine, ${generate}`), {}, 60);
        return failureOf(account, stack, "Secret", "CREATE_FAILED");
      };
      for (const [index, template] of ["none", "[1]", "1", "null"].entries()) {
        expect(await reasonOf(`json-${index}`, template)).toMatch(/SecretStringTemplate is not a JSON object/);
      }
      expect(await reasonOf("long", "{}", ", PasswordLength: 5000")).toMatch(/must be between 1 and 4096/);
      expect(await reasonOf("first", "{}")).toBeUndefined();
      expect(await reasonOf("second", "{}")).toMatch(/the secret mine already exists/);
    },
  );
});

describe("a part of a network", () => {
  documented(
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
    "is not created while a part that it needs is missing, and is not deleted while something needs it",
    () => {
      const { network } = new AnAccount();
      expect(() => network.create("subnet", { vpc: ["vpc-1"] })).toThrow(ServiceError);
      const vpc = network.create("vpc");
      const subnet = network.create("subnet", { vpc: [vpc] });
      expect(() => network.delete(vpc)).toThrow(expect.objectContaining({ code: "DependencyViolation" }));
      network.delete(subnet);
      network.delete(vpc);
      expect(() => network.create("subnet", { vpc: [vpc] })).toThrow(
        expect.objectContaining({ code: "InvalidVpcID.NotFound", message: `The vpc ID '${vpc}' does not exist` }),
      );
    },
  );
});

describe("a parameter that is a list", () => {
  documented(
    `${guide}/parameters-section-structure.html`,
    "has its items trimmed, each held to the pattern, and given as a list",
    async () => {
      const template = `
Parameters: { Names: { Type: CommaDelimitedList, Default: "", AllowedPattern: "^[a-z]*$" } }
Conditions: { Some: !Not [!Equals [!Join ["", !Ref Names], ""]] }
Resources: { Topic: { Type: AWS::SNS::Topic } }
Outputs:
  All: { Value: !Join ["|", !Ref Names] }
  Second: { Condition: Some, Value: !Select [1, !Ref Names] }`;
      const account = new AnAccount();
      expect((await stackOf(account, "two", template, { Names: "a, b" }, 60)).outputs).toEqual({
        All: "a|b",
        Second: "b",
      });
      expect((await stackOf(account, "none", template, {}, 60)).outputs).toEqual({ All: "" });
      await expect(stackOf(account, "bad", template, { Names: "a,B" })).rejects.toThrow(
        "Parameter 'Names' must match pattern ^[a-z]*$",
      );
    },
  );
});
