/** The logical IDs that the framework gives resources. https://www.serverless.com/framework/docs/providers/aws/guide/resources#aws-cloudformation-resource-reference */

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `my-worker_1` is `MyDashworkerUnderscore1`. */
function resourceName(name: string): string {
  return capitalized(name.replaceAll("-", "Dash").replaceAll("_", "Underscore"));
}

/** `my-queue.fifo` is `Myqueuefifo`. */
export function alphanumeric(name: string): string {
  return capitalized(name.replace(/[^0-9A-Za-z]/g, ""));
}

export const logicalIds = {
  function: (name: string) => `${resourceName(name)}LambdaFunction`,
  url: (name: string) => `${resourceName(name)}LambdaFunctionUrl`,
  eventConfig: (name: string) => `${resourceName(name)}LambdaEvConf`,
  alias: (name: string) => `${resourceName(name)}ProvConcLambdaAlias`,
  queueMapping: (name: string, queue: string) => `${resourceName(name)}EventSourceMappingSQS${alphanumeric(queue)}`,
  streamMapping: (name: string, type: string, stream: string) =>
    `${resourceName(name)}EventSourceMapping${capitalized(type)}${alphanumeric(stream)}`,
  streamConsumer: (name: string, stream: string) => `${resourceName(`${name}${stream}Consumer`)}StreamConsumer`,
  topic: (topic: string) => `SNSTopic${alphanumeric(topic)}`,
  subscription: (name: string, topic: string) => `${resourceName(name)}SnsSubscription${alphanumeric(topic)}`,
  /** `ruleName`: as the rule would be called without a name of its own */
  rule: (ruleName: string) => `${alphanumeric(ruleName)}EventBridgeRule`,
  bus: (bus: string) => `${resourceName(bus)}EventBridgeEventBus`,
  schedule: (name: string, index: number) => `${resourceName(name)}EventsRuleSchedule${index}`,
  scheduler: (name: string, index: number) => `${resourceName(name)}SchedulerSchedule${index}`,
  cloudWatchEvent: (name: string, index: number) => `${resourceName(name)}EventsRuleCloudWatchEvent${index}`,
  logSubscription: (name: string, index: number) => `${resourceName(name)}LogsSubscriptionFilterCloudWatchLog${index}`,
  iotRule: (name: string, index: number) => `${resourceName(name)}IotTopicRule${index}`,
  bucket: (bucket: string) => `S3Bucket${alphanumeric(bucket)}`,
  httpIntegration: (name: string) => `HttpApiIntegration${resourceName(name)}`,
  webSocketIntegration: (name: string) => `${resourceName(name)}WebsocketsIntegration`,
} as const;

/** Resources that the framework makes beside these and that change no event, so that a system has none of them. */
export function isMadeBeside(logicalId: string): boolean {
  return /^(IamRole|ServerlessDeploymentBucket|ApiGateway|HttpApi|Websockets)|(LogGroup|Permission\w*|LambdaVersion\w*|LambdaLayer)$/.test(
    logicalId,
  );
}
