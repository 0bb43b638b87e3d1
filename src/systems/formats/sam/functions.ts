/** A function of SAM: its own properties, its alias and version, what becomes of events that fail, and its events. */
import { expandEvents } from "./events.ts";
import type { Expansion, Invoked, SamResource } from "./expansion.ts";
import { arnOf, type Parts, Written } from "./written.ts";

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html */
const taken = [
  "Architectures",
  "CodeSigningConfigArn",
  "Description",
  "DurableConfig",
  "Environment",
  "EphemeralStorage",
  "FileSystemConfigs",
  "FunctionName",
  "FunctionScalingConfig",
  "Handler",
  "ImageConfig",
  "KmsKeyArn",
  "Layers",
  "LoggingConfig",
  "MemorySize",
  "PackageType",
  "PublishToLatestPublished",
  "RecursiveLoop",
  "ReservedConcurrentExecutions",
  "Role",
  "Runtime",
  "RuntimeManagementConfig",
  "SnapStart",
  "TenancyConfig",
  "Timeout",
  "VpcConfig",
];

/** Properties that are taken as they are or in another form, and properties that change no event: permissions, code, its packages and its deployment. */
const known = new Set(
  [
    ...taken,
    "AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties AutoPublishCodeSha256 CapacityProviderConfig",
    "CodeUri DeadLetterQueue DeploymentPreference EventInvokeConfig Events FunctionUrlConfig ImageUri InlineCode",
    "PermissionsBoundary Policies PropagateTags ProvisionedConcurrencyConfig RolePath SourceKMSKeyArn Tags Tracing",
    "VersionDeletionPolicy VersionDescription",
  ].flatMap((names) => names.split(" ")),
);

export function expandFunction(resource: SamResource, expansion: Expansion): void {
  const { logicalId, properties, condition } = resource;
  for (const [name, { place }] of properties.entries) {
    if (known.has(name)) continue;
    const message = `${logicalId} has ${name}, which is no property of a SAM function, and nothing is taken from it; check how it is written`;
    expansion.unread.push({ place, path: null, message });
  }
  const tracing = properties.get("Tracing");
  expansion.replace(
    resource,
    "AWS::Lambda::Function",
    Written.of(
      {
        ...Object.fromEntries(taken.map((name) => [name, properties.get(name)])),
        Code: code(properties),
        TracingConfig: tracing && { Mode: tracing },
        DeadLetterConfig: deadLetters(resource, expansion),
        CapacityProviderConfig: capacity(properties.get("CapacityProviderConfig")),
      },
      properties.place,
    ),
  );
  const alias = publish(resource, expansion);
  const invoked: Invoked =
    alias === null
      ? { kind: "function", condition, name: { Ref: logicalId }, arn: arnOf(logicalId) }
      : { kind: "function", condition, name: { Ref: alias.logicalId }, arn: { Ref: alias.logicalId } };
  expandUrl(resource, invoked, expansion);
  expandInvokeConfig(resource, alias?.name, expansion);
  expandEvents(resource, invoked, expansion);
}

function code(properties: Written): Parts {
  const inline = properties.get("InlineCode");
  const image = properties.get("ImageUri");
  const uri = properties.get("CodeUri");
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri?.text ?? "") ?? [];
  if (inline) return { ZipFile: inline };
  if (image) return { ImageUri: image };
  if (uri?.isMap) return { S3Bucket: uri.get("Bucket"), S3Key: uri.get("Key"), S3ObjectVersion: uri.get("Version") };
  // A folder is packaged before it is deployed.
  return bucket === undefined ? undefined : { S3Bucket: bucket, S3Key: key };
}

function capacity(given: Written | undefined): Parts {
  if (given === undefined) return undefined;
  const { Arn, ...others } = Object.fromEntries(given.entries);
  return { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: Arn, ...others } };
}

function deadLetters({ logicalId, properties }: SamResource, expansion: Expansion): Parts {
  const given = properties.get("DeadLetterQueue");
  if (given === undefined || !given.isMap) return given;
  const type = given.get("Type");
  const target = given.get("TargetArn");
  if (type === undefined || target === undefined) {
    expansion.refuse(given, `DeadLetterQueue of ${logicalId} needs Type and TargetArn; give both`);
  } else if (type.text !== "SQS" && type.text !== "SNS") {
    expansion.refuse(
      type,
      `DeadLetterQueue of ${logicalId} takes the Type SQS or SNS, not ${type.text ?? "a function"}`,
    );
  }
  return { TargetArn: target };
}

/** The version and the alias of AutoPublishAlias; null: there is none. */
function publish(
  { logicalId, properties, condition }: SamResource,
  expansion: Expansion,
): { logicalId: string; name: Written } | null {
  const name = properties.get("AutoPublishAlias");
  const provisioned = properties.get("ProvisionedConcurrencyConfig");
  if (name === undefined) {
    if (provisioned !== undefined) {
      expansion.refuse(
        provisioned,
        `ProvisionedConcurrencyConfig of ${logicalId} needs AutoPublishAlias; add it, such as AutoPublishAlias: live`,
      );
    }
    return null;
  }
  // SAM adds a hash of the code, which is not known before it is packaged.
  const version = `${logicalId}Version`;
  const suffix = (name.text ?? "").replaceAll("-", "D").replaceAll("_", "U");
  const alias = `${logicalId}Alias${suffix}`;
  const own = { FunctionName: { Ref: logicalId } };
  expansion.make(version, "AWS::Lambda::Version", name.place, own, condition);
  expansion.make(
    alias,
    "AWS::Lambda::Alias",
    name.place,
    {
      ...own,
      Name: name,
      FunctionVersion: { "Fn::GetAtt": [version, "Version"] },
      ProvisionedConcurrencyConfig: provisioned,
    },
    condition,
  );
  expansion.references.set(`${logicalId}.Version`, version).set(`${logicalId}.Alias`, alias);
  return { logicalId: alias, name };
}

function expandUrl({ logicalId, properties, condition }: SamResource, { name }: Invoked, expansion: Expansion): void {
  const given = properties.get("FunctionUrlConfig");
  if (given === undefined) return;
  const members = Object.fromEntries(given.entries);
  expansion.make(
    `${logicalId}Url`,
    "AWS::Lambda::Url",
    given.place,
    { ...members, TargetFunctionArn: name },
    condition,
  );
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventinvokedestinationconfiguration.html */
function expandInvokeConfig(
  { logicalId, properties, condition }: SamResource,
  alias: Written | undefined,
  expansion: Expansion,
): void {
  const given = properties.get("EventInvokeConfig");
  if (given === undefined) return;
  const id = `${logicalId}EventInvokeConfig`;
  const destinations = given.get("DestinationConfig");
  const destination = (outcome: "OnSuccess" | "OnFailure"): Parts => {
    const chosen = destinations?.get(outcome);
    if (chosen === undefined) return undefined;
    const type = chosen.get("Type");
    if (!["SQS", "SNS", "EventBridge", "Lambda", "S3Bucket"].includes(type?.text ?? "")) {
      const takes = "it takes SQS, SNS, EventBridge, Lambda or S3Bucket";
      expansion.refuse(
        type ?? chosen,
        `${outcome} of ${logicalId} has ${type ? `the Type ${type.text}` : "no Type"}; ${takes}`,
      );
    }
    const to = chosen.get("Destination");
    if (to !== undefined) return Written.of({ Destination: to }, chosen.place);
    if (type?.text !== "SQS" && type?.text !== "SNS") {
      expansion.refuse(
        chosen,
        `${outcome} of ${logicalId} needs a Destination; only for SQS and SNS does SAM make one`,
      );
      return undefined;
    }
    const isQueue = type.text === "SQS";
    const made = `${id}${outcome}${isQueue ? "Queue" : "Topic"}`;
    expansion.make(made, isQueue ? "AWS::SQS::Queue" : "AWS::SNS::Topic", chosen.place, {}, condition);
    expansion.references.set(`${logicalId}.Destination${isQueue ? "Queue" : "Topic"}`, made);
    return Written.of({ Destination: isQueue ? arnOf(made) : { Ref: made } }, chosen.place);
  };
  const routes = { OnSuccess: destination("OnSuccess"), OnFailure: destination("OnFailure") };
  expansion.make(
    id,
    "AWS::Lambda::EventInvokeConfig",
    given.place,
    {
      FunctionName: { Ref: logicalId },
      Qualifier: alias ?? "$LATEST",
      MaximumEventAgeInSeconds: given.get("MaximumEventAgeInSeconds"),
      MaximumRetryAttempts: given.get("MaximumRetryAttempts"),
      DestinationConfig: destinations && Written.of(routes, destinations.place),
    },
    condition,
  );
}
