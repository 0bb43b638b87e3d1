/** Lambda functions and what belongs to them, as templates declare them. */
import { flag, list, nothing, object, oneOf, only, refined, required, text } from "../template/properties.ts";
import { resourceType, takes } from "../template/resource-type.ts";
import { EventSourceMappings, mappingInputs, mappingSettings, unmodelledSource } from "./mappings/mappings.ts";
import {
  architectures,
  configurationInputs,
  configurationSettings,
  eventInvokeInputs,
  eventInvokeSettings,
  existingFunction,
  reservedConcurrentExecutions,
} from "./settings.ts";
import { FunctionUrls } from "./urls.ts";

/** Code in S3 is there when the function is made, and throttle-bench replaces it afterwards. */
const code = object({ ZipFile: text, S3Bucket: text, S3Key: text, S3ObjectVersion: text, SourceKMSKeyArn: text });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
const lambdaFunction = resourceType(
  "AWS::Lambda::Function",
  {
    ...configurationInputs,
    FunctionName: text,
    Runtime: required(text),
    Handler: required(configurationInputs.Handler),
    Code: required(code),
    Role: required(text),
    Architectures: architectures,
    ReservedConcurrentExecutions: reservedConcurrentExecutions,
    PackageType: only("Zip"),
    TracingConfig: object({ Mode: oneOf("PassThrough", "Active") }),
    // Node.js, in which the code of throttle-bench is, has none.
    SnapStart: object({ ApplyOn: required(only("None")) }),
    VpcConfig: object({ SubnetIds: required(list(text)), SecurityGroupIds: required(list(text)) }),
  },
  {
    // Layers are there for the code that is replaced, and the time of its work is a setting.
    // A loop that Lambda would end needs a function that sends to its own source, and none of throttle-bench does.
    inert: [
      "EphemeralStorage",
      "FileSystemConfigs",
      "KmsKeyArn",
      "Layers",
      "RecursiveLoop",
      "RuntimeManagementConfig",
      "Tags",
    ],
    attributes: ["Arn"],
    // In a network it takes longer, about a minute for the first function by
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html. That is not modelled, because no figure depends on it.
    creationMs: takes(5, [3, 15], "one call, then the function's state has to become Active"),
    deletionMs: takes(2, [1, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const name = properties.FunctionName ?? generatedName(account.constants["lambda.maximumNameCharacters"]);
      const { Runtime, Architectures, VpcConfig } = properties;
      const settings = {
        ...configurationSettings(properties),
        roleArn: properties.Role,
        runtime: Runtime,
        ...(Architectures && { architecture: Architectures[0]! }),
        ...(VpcConfig && { vpc: { subnetIds: VpcConfig.SubnetIds, securityGroupIds: VpcConfig.SecurityGroupIds } }),
      };
      const created = account.lambda.create(name, settings, properties.Code.ZipFile ?? "");
      try {
        const reserved = properties.ReservedConcurrentExecutions;
        if (reserved !== undefined) created.reserveConcurrency(reserved);
      } catch (failure) {
        account.lambda.delete(name);
        throw failure;
      }
      return { physicalId: name, attributes: { Arn: created.arn }, delete: () => account.lambda.delete(name) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-permission.html */
const permission = resourceType(
  "AWS::Lambda::Permission",
  {
    Action: required(text),
    FunctionName: required(text),
    Principal: required(text),
    SourceArn: text,
    SourceAccount: text,
    FunctionUrlAuthType: only("NONE", "AWS_IAM"),
    InvokedViaFunctionUrl: flag,
  },
  {
    creationMs: takes(2, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(1, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const fn = existingFunction(account, properties.FunctionName);
      const statementId = generatedName(100);
      fn.addPermission({
        statementId,
        action: properties.Action,
        principal: properties.Principal,
        sourceArn: properties.SourceArn ?? null,
        sourceAccount: properties.SourceAccount ?? null,
        functionUrlAuthType: properties.FunctionUrlAuthType,
        invokedViaFunctionUrl: properties.InvokedViaFunctionUrl,
      });
      return { physicalId: statementId, attributes: {}, delete: () => fn.removePermission(statementId) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventsourcemapping.html */
const eventSourceMapping = resourceType(
  "AWS::Lambda::EventSourceMapping",
  {
    ...mappingInputs,
    EventSourceArn: required(refined(text, unmodelledSource)),
    FunctionName: required(text),
    FilterCriteria: nothing(
      "is not modelled by the local target; the nearest that is modelled is a rule of EventBridge, whose EventPattern lets only some events come to the queue",
    ),
  },
  {
    // The key is that of its filters.
    inert: ["KmsKeyArn", "LoggingConfig", "MetricsConfig", "Tags"],
    attributes: ["Id"],
    creationMs: takes(20, [10, 60], "CloudFormation waits until the mapping's state is Enabled"),
    deletionMs: takes(20, [5, 60], "CloudFormation waits until the mapping, which first is Deleting, is gone"),
    create({ account, properties }) {
      const { EventSourceArn, FunctionName } = properties;
      const mappings = account.service(EventSourceMappings);
      const settings = mappingSettings(EventSourceArn, properties);
      const { uuid } = mappings.create(EventSourceArn, FunctionName, settings);
      return { physicalId: uuid, attributes: { Id: uuid }, delete: () => mappings.delete(uuid) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventinvokeconfig.html */
const eventInvokeConfig = resourceType(
  "AWS::Lambda::EventInvokeConfig",
  {
    FunctionName: required(text),
    Qualifier: required(only("$LATEST")),
    ...eventInvokeInputs,
  },
  {
    creationMs: takes(2, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(1, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const fn = existingFunction(account, properties.FunctionName);
      fn.configureEventInvoke(eventInvokeSettings(properties));
      return { physicalId: generatedName(128), attributes: {}, delete: () => fn.configureEventInvoke(null) };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html */
const url = resourceType(
  "AWS::Lambda::Url",
  {
    TargetFunctionArn: required(text),
    AuthType: required(only("NONE", "AWS_IAM")),
    InvokeMode: only("BUFFERED"),
  },
  {
    // Browsers ask for it, and no browser calls the functions of the model.
    inert: ["Cors"],
    attributes: ["FunctionArn", "FunctionUrl"],
    creationMs: takes(3, [1, 10], "one call that takes effect at once"),
    deletionMs: takes(2, [0.5, 10], "one call that takes effect at once"),
    create({ account, properties }) {
      const fn = existingFunction(account, properties.TargetFunctionArn);
      const urls = account.service(FunctionUrls);
      const { host } = urls.create(fn, properties.AuthType);
      return {
        physicalId: fn.arn,
        attributes: { FunctionArn: fn.arn, FunctionUrl: `https://${host}/` },
        delete: () => urls.delete(host),
      };
    },
  },
);

export const lambdaTypes = [lambdaFunction, permission, eventSourceMapping, eventInvokeConfig, url];
