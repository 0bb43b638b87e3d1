/** The functions of a service, as CloudFormation's resources. https://www.serverless.com/framework/docs/providers/aws/guide/functions */
import { filledIn, frameworkDefaults } from "./filled-in.ts";
import { logicalIds } from "./logical-ids.ts";
import type { Resources, ServiceFunction } from "./service.ts";
import { type Made, mapIn, merged, plain, textIn, under, type Written } from "./written.ts";

const aliasName = "provisioned";

/** A function as it is declared in `functions`. `prefix`: service and stage, as its name in AWS begins. */
export function serviceFunction(name: string, written: Written, prefix: string): ServiceFunction {
  const logicalId = logicalIds.function(name);
  const arn: Made = { "Fn::GetAtt": [logicalId, "Arn"] };
  return {
    name,
    written,
    logicalId,
    functionName: textIn(under(written, "name")) ?? `${prefix}-${name}`,
    target: isProvisioned(written) ? { "Fn::Join": [":", [arn, aliasName]] } : arn,
  };
}

/** `provider`: the settings of the provider, which hold where a function has none of its own. */
export function addFunction(fn: ServiceFunction, provider: Written | undefined, resources: Resources): void {
  const { written, logicalId } = fn;
  const own = (key: string) => under(written, key);
  const inherited = (key: string) => own(key) ?? under(provider, key);
  const environment = [under(provider, "environment"), own("environment")].filter((each) => each !== undefined);
  const onError = own("onError");
  const vpc = ["securityGroupIds", "subnetIds"].map((key) => under(written, "vpc", key) ?? under(provider, "vpc", key));
  resources.add(
    written,
    logicalId,
    "AWS::Lambda::Function",
    {
      FunctionName: own("name") ?? fn.functionName,
      Handler: own("handler"),
      Runtime: inherited("runtime"),
      Description: own("description"),
      MemorySize: plain(inherited("memorySize")) ?? filledIn(written, frameworkDefaults.memoryMb),
      Timeout: plain(inherited("timeout")) ?? filledIn(written, frameworkDefaults.timeoutSeconds),
      ReservedConcurrentExecutions: plain(own("reservedConcurrency")),
      DeadLetterConfig: onError && { TargetArn: onError },
      Environment:
        environment.length === 0 ? undefined : { Variables: environment.reduce((all, each) => merged(all, each)) },
      VpcConfig:
        vpc[0] && vpc[1] && own("vpc")?.value !== false ? { SecurityGroupIds: vpc[0], SubnetIds: vpc[1] } : undefined,
      EphemeralStorage: own("ephemeralStorageSize") && { Size: plain(own("ephemeralStorageSize")) },
      Layers: inherited("layers"),
    },
    { Condition: own("condition") },
  );
  addAlias(fn, resources);
  addEventConfig(fn, resources);
  const url = own("url");
  if (url !== undefined && url.value !== false) {
    resources.add(url, logicalIds.url(fn.name), "AWS::Lambda::Url", {
      AuthType: textIn(under(url, "authorizer")) === "aws_iam" ? "AWS_IAM" : "NONE",
      TargetFunctionArn: fn.target,
    });
  }
}

function isProvisioned(written: Written): boolean {
  const amount = under(written, "provisionedConcurrency");
  return amount !== undefined && textIn(amount) !== "0";
}

/** The framework publishes a version with its code's hash in its logical ID, which nobody knows before the code is packed. */
function addAlias({ name, written, logicalId }: ServiceFunction, resources: Resources): void {
  const amount = under(written, "provisionedConcurrency");
  if (amount === undefined || !isProvisioned(written)) return;
  resources.add(amount, logicalIds.alias(name), "AWS::Lambda::Alias", {
    FunctionName: { Ref: logicalId },
    Name: aliasName,
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: plain(amount) },
  });
}

function addEventConfig({ name, written, logicalId }: ServiceFunction, resources: Resources): void {
  const keys = ["destinations", "maximumEventAge", "maximumRetryAttempts"];
  const [destinations, age, attempts] = keys.map((key) => under(written, key));
  const first = destinations ?? age ?? attempts;
  if (first === undefined) return;
  const destination = (key: string) => {
    const target = under(destinations, key);
    return target && { Destination: destinationOf(target) };
  };
  resources.add(first, logicalIds.eventConfig(name), "AWS::Lambda::EventInvokeConfig", {
    FunctionName: { Ref: logicalId },
    Qualifier: isProvisioned(written) ? aliasName : "$LATEST",
    MaximumEventAgeInSeconds: plain(age),
    MaximumRetryAttempts: plain(attempts),
    DestinationConfig: destinations && { OnSuccess: destination("onSuccess"), OnFailure: destination("onFailure") },
  });
}

/** An ARN, an object with one, or the name of a function of the service. */
function destinationOf(target: Written): Made {
  if (mapIn(target) !== null) return under(target, "arn") ?? target;
  const text = textIn(target);
  if (text === null || text.startsWith("arn:")) return target;
  return { "Fn::GetAtt": [logicalIds.function(text), "Arn"] };
}
