/** The account: the one place where the emulated services meet, by ARN. Interfaces only; each service implements its own. */
import type { TemplateMap, TemplateResource } from "../template/template.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Fact } from "./platforms/fact.ts";
import type { Constants } from "./platforms/platforms.ts";
import type { Problem } from "./template/properties.ts";

export interface Account {
  readonly accountId: string;
  readonly region: string;
  readonly kernel: Kernel;
  readonly constants: Constants;
  readonly cloudwatch: Metrics;
  readonly logs: Logs;
  readonly iam: Roles;
  readonly sqs: Queues;
  readonly sns: Topics;
  readonly kinesis: Streams;
  readonly lambda: Functions;
  readonly eventBuses: EventBuses;
  readonly endpoints: Endpoints;
  readonly network: Network;
  readonly secrets: Secrets;
  /** Where the databases of RDS instances are made; null: nothing answers at their endpoints. */
  readonly databaseServer: DatabaseServer | null;
  /** The types that stacks can have, by name, such as `AWS::SQS::Queue`. */
  readonly resourceTypes: ReadonlyMap<string, ResourceType>;
  /** The account's one instance of a service that no other service meets; made when it is first asked for. */
  service<Service>(kind: new (account: Account) => Service): Service;
}

/* CloudWatch */

export interface MetricIdentity {
  /** Such as `AWS/Lambda`. */
  namespace: string;
  name: string;
  /** Such as `{ FunctionName }`. */
  dimensions: Record<string, string>;
}

export interface MetricQuery extends MetricIdentity {
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p95`. */
  statistic: string;
  /** A multiple of a minute. */
  periodMs: number;
  /** Inclusive. */
  start: number;
  /** Exclusive. */
  end: number;
}

/** A metric in the hands of whoever observes it. */
export interface Metric {
  /** Adds one observation to the metric's minute; `at` defaults to now. */
  add(value: number, at?: number): void;
}

export interface Metrics {
  /** The same one for the same identity. */
  metric(identity: MetricIdentity): Metric;
  /** Adds one observation to the metric's minute; `at` defaults to now. */
  record(metric: MetricIdentity, value: number, at?: number): void;
  /** The published points, ascending. */
  query(query: MetricQuery): { timestamp: number; value: number }[];
  list(): MetricIdentity[];
}

/* CloudWatch Logs */

export interface Logs {
  /** Somebody may read what is no failure: Lambda's own lines are written, too. Otherwise they would cost time and be read by nobody. */
  readonly keepsInvocations: boolean;
  /** Appends a line to a group's stream; both are made where they are missing. */
  write(group: string, message: string, stream: string): void;
  /** The lines of the invocation whose last line was the group's last. */
  latestInvocation(group: string): string;
}

/* IAM */

/** A policy as IAM's JSON grammar has it, single values or lists. */
export interface PolicyDocument {
  Version?: string;
  Statement: Statement | Statement[];
}

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource?: string | string[];
  Principal?: "*" | Record<string, string | string[]>;
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A request to be allowed or denied. `principal` is a service such as `sns.amazonaws.com`; only resource policies have one. */
export interface AccessRequest {
  action: string;
  resource: string;
  principal?: string;
  /** Values of condition keys, such as `aws:SourceArn`. */
  context?: Record<string, string>;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Whoever changes them puts another list in place of this one. */
  policies: readonly PolicyDocument[];
  /** Says which services may assume it; null: each may. */
  trust: PolicyDocument | null;
}

/** The identity that sends the requests. Its policies decide what SimulatePrincipalPolicy answers; no request is refused by them. */
export interface Caller {
  arn: string;
  policies: readonly PolicyDocument[];
}

export interface Roles {
  /** Default: the root user, who may do everything. */
  caller: Caller;
  createRole(name: string, policies: PolicyDocument[]): Role;
  deleteRole(name: string): void;
  /** undefined: there is none with this ARN. */
  role(arn: string): Role | undefined;
  /** The policies of the caller or a role; undefined: there is none with this ARN. */
  policiesOf(arn: string): readonly PolicyDocument[] | undefined;
  /** True when the policies allow the request: an explicit Deny wins, and a request that nothing allows is denied. */
  isAllowed(policies: readonly PolicyDocument[], request: AccessRequest): boolean;
  /** True when the service `principal` may assume the role. Nobody may assume one that does not exist. */
  mayAssume(roleArn: string, principal: string): boolean;
  /** True when the role's policies allow the action. A role that does not exist allows nothing. */
  allows(roleArn: string, action: string, resourceArn: string): boolean;
}

/* EC2, Secrets Manager and RDS, for databases and the functions that reach them */

export type NetworkPart = "vpc" | "subnet" | "internetGateway" | "routeTable" | "securityGroup";

/** The ids of parts, by their kind. */
export type NetworkUses = Partial<Record<NetworkPart, readonly string[]>>;

export interface Network {
  /** Returns the new part's id. @throws ServiceError when a part that it uses does not exist. */
  create(kind: NetworkPart, uses?: NetworkUses): string;
  /** @throws ServiceError `DependencyViolation` while something uses it. */
  delete(id: string): void;
  /** `user`: the ARN of the function or instance that joins the parts. @throws ServiceError when a part does not exist. */
  attach(user: string, uses: NetworkUses): void;
  detach(user: string): void;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  value: string;
  readonly versionId: string;
  readonly createdAt: number;
}

export interface Secrets {
  /** @throws ServiceError `ResourceExistsException`. */
  create(name: string, value: string): Secret;
  delete(arn: string): void;
  /** @throws ServiceError `ResourceNotFoundException`. */
  secret(nameOrArn: string): Secret;
  /** @throws ServiceError `InvalidParameterException` for a length that is out of bounds. */
  randomPassword(length: number, excludePunctuation: boolean): string;
}

/** A server on which an instance's database is made, as soon as the owner writes. */
export interface DatabaseServer {
  host: string;
  port: number;
  create(database: { name: string; username: string; password: string }): void;
  drop(name: string): void;
}

/* SQS */

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export interface QueueSettings {
  visibilityTimeoutMs: number;
  delayMs: number;
  retentionMs: number;
  receiveWaitMs: number;
  maximumMessageBytes: number;
  redrivePolicy: RedrivePolicy | null;
  policy: PolicyDocument | null;
  /** A FIFO queue's; null: the queue is a standard one. */
  fifo: FifoSettings | null;
}

export interface FifoSettings {
  /** A message without a deduplication id has one by its content. */
  contentBasedDeduplication: boolean;
  deduplicationScope: "queue" | "messageGroup";
  /** `perMessageGroupId`, with the scope `messageGroup`, is high throughput. */
  throughputLimit: "perQueue" | "perMessageGroupId";
}

/** The actions whose calls a FIFO queue counts, each for itself; those of batches are among them. */
export type QueueAction = "SendMessage" | "ReceiveMessage" | "DeleteMessage";

/** A text that is made when somebody reads it. */
export interface LateText {
  /** In UTF-8. */
  readonly byteLength: number;
  toString(): string;
}

export interface SendOptions {
  delayMs?: number;
  messageAttributes?: Record<string, MessageAttribute>;
  /** The group in which a FIFO queue keeps order, or the tenant of a standard queue. */
  messageGroupId?: string;
  /** Only FIFO queues have it. */
  messageDeduplicationId?: string;
}

export interface SentMessage {
  messageId: string;
  md5OfBody: string;
  /** A FIFO queue's. */
  sequenceNumber?: string;
}

export interface ReceivedMessage extends SentMessage {
  receiptHandle: string;
  body: string;
  sentAt: number;
  firstReceivedAt: number;
  /** Including this receive. */
  receiveCount: number;
  messageAttributes: Record<string, MessageAttribute>;
  messageGroupId?: string;
  /** A FIFO queue's. */
  messageDeduplicationId?: string;
}

export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly settings: Readonly<QueueSettings>;
  readonly createdAt: number;
  /** @throws ServiceError when a value is out of SQS's bounds; then nothing is changed. */
  configure(settings: Partial<QueueSettings>): void;
  /** Counts a call, which may be about many messages. @throws ServiceError when a FIFO queue has had too many of its action. */
  admit(action: QueueAction): void;
  /** @throws ServiceError for a message that the queue cannot take. */
  send(body: string | LateText, options?: SendOptions): SentMessage;
  /**
   * Delivers up to `maximum` messages as soon as there are any, or none when `waitMs` is over.
   * `visibilityTimeoutMs` overrides the queue's for these messages. Returns null when it has delivered already.
   */
  receive(
    request: { maximum: number; waitMs?: number; visibilityTimeoutMs?: number },
    deliver: (messages: ReceivedMessage[]) => void,
  ): { cancel(): void } | null;
  /** By the handle of its latest receive, or by what that receive has given. @throws ServiceError when a FIFO queue's has expired. */
  delete(receipt: string | ReceivedMessage): void;
  changeVisibility(receiptHandle: string, visibilityTimeoutMs: number): void;
  purge(): void;
  counts(): { visible: number; inFlight: number; delayed: number };
  /** True when a receive would get something: the visible messages of a FIFO queue may all be blocked by their groups. */
  readonly hasAvailable: boolean;
}

export interface Queues {
  /** The beginning of the queues' URLs, which newer SDKs ask instead of their endpoint. */
  readonly endpoint: string;
  /** The same name and settings again: the existing queue. @throws ServiceError `QueueNameExists`, or out-of-bounds settings. */
  create(name: string, settings?: Partial<QueueSettings>): Queue;
  delete(arn: string): void;
  queue(arn: string): Queue | undefined;
  list(): Queue[];
}

/* SNS */

export interface SubscriptionSettings {
  rawMessageDelivery: boolean;
  /** The subscription's dead-letter queue. */
  deadLetterTargetArn: string | null;
}

export interface Subscription extends SubscriptionSettings {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "lambda" | "sqs";
  readonly endpoint: string;
}

/** A message of a batch, as SNS's API has it. */
export interface PublishEntry {
  Id: string;
  Message: string;
  Subject?: string;
  MessageAttributes?: Record<string, MessageAttribute>;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** An entry of a batch that was not taken, as SNS and SQS answer it. */
export interface BatchFailure {
  Id: string;
  Code: string;
  Message: string;
  SenderFault: boolean;
}

export interface PublishOptions {
  subject?: string;
  messageAttributes?: Record<string, MessageAttribute>;
  messageGroupId?: string;
  /** Only FIFO topics have it. */
  messageDeduplicationId?: string;
}

export interface TopicSettings {
  /** A FIFO topic's; null: the topic is a standard one. */
  fifo: FifoTopicSettings | null;
}

export interface FifoTopicSettings {
  /** A message without a deduplication id has one by its content. */
  contentBasedDeduplication: boolean;
  /** The scope of the rate, and so of deduplication. */
  throughputScope: "Topic" | "MessageGroup";
}

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly settings: Readonly<TopicSettings>;
  /** @throws ServiceError for a message that the topic cannot take. */
  publish(message: string, options?: PublishOptions): { messageId: string; sequenceNumber?: string };
  /** One entry that fails does not fail the others. @throws ServiceError for a batch that is refused as a whole. */
  publishBatch(entries: readonly PublishEntry[]): {
    Successful: { readonly Id: string; readonly MessageId: string; readonly SequenceNumber?: string }[];
    Failed: BatchFailure[];
  };
  /** @throws ServiceError for a protocol or endpoint that cannot be subscribed. */
  subscribe(protocol: string, endpoint: string, settings?: Partial<SubscriptionSettings>): Subscription;
  unsubscribe(subscriptionArn: string): void;
  readonly subscriptions: readonly Subscription[];
}

export interface Topics {
  /** The same name again: the existing topic. */
  create(name: string, fifo?: FifoTopicSettings | null): Topic;
  delete(arn: string): void;
  topic(arn: string): Topic | undefined;
  list(): Topic[];
}

/* Kinesis Data Streams */

export interface StreamSettings {
  mode: "PROVISIONED" | "ON_DEMAND";
  shardCount: number;
  retentionMs: number;
  maximumRecordBytes: number;
}

/** A record as it is put into a stream. */
export interface RecordEntry {
  partitionKey: string;
  data: Uint8Array;
  /** Decides the shard instead of the partition key. */
  explicitHashKey?: bigint | undefined;
}

/** A record as a shard keeps it. */
export interface StreamRecord {
  /** It has 56 digits, so that the order of the texts is the order of the numbers. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAt: number;
}

export type PutOutcome =
  | { readonly shardId: string; readonly sequenceNumber: string }
  | { readonly errorCode: string; readonly errorMessage: string };

/** Where in a shard somebody begins to read. */
export type ShardPosition =
  | { readonly type: "TRIM_HORIZON" | "LATEST" }
  | { readonly type: "AT_TIMESTAMP"; readonly timestamp: number }
  | { readonly type: "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER"; readonly sequenceNumber: string };

/** A place in a shard, which counts the records before it. */
export interface ShardIterator {
  readonly shardId: string;
  readonly recordsBefore: number;
}

export interface Shard {
  /** Such as `shardId-000000000000`. */
  readonly id: string;
  /** It takes the keys whose MD5 is in this range, inclusively. */
  readonly firstHashKey: bigint;
  readonly lastHashKey: bigint;
  readonly startingSequenceNumber: string;
}

export interface DataStream {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly settings: Readonly<StreamSettings>;
  readonly shards: readonly Shard[];
  /** @throws ServiceError `ProvisionedThroughputExceededException`, or for a record that is too large. */
  put(entry: RecordEntry): { shardId: string; sequenceNumber: string };
  /** One record that its shard refuses does not fail the others. @throws ServiceError for a request that is refused as a whole. */
  putAll(entries: readonly RecordEntry[]): PutOutcome[];
  /** @throws ServiceError for a shard or a sequence number that is not the stream's. */
  iterator(shardId: string, position: ShardPosition): ShardIterator;
  /** Reads up to `most` records. @throws ServiceError `ProvisionedThroughputExceededException`. */
  read(
    iterator: ShardIterator,
    most?: number,
  ): { records: StreamRecord[]; next: ShardIterator; millisBehindLatest: number };
}

export interface Streams {
  /** @throws ServiceError `ResourceInUseException`, or for settings out of bounds. */
  create(name: string, settings?: Partial<StreamSettings>): DataStream;
  delete(arn: string): void;
  stream(arn: string): DataStream | undefined;
  list(): DataStream[];
}

/* Lambda */

export interface FunctionSettings {
  runtime: string;
  /** `<file>.<export>` */
  handler: string;
  roleArn: string;
  timeoutMs: number;
  memoryMb: number;
  architecture: "arm64" | "x86_64";
  environment: Record<string, string>;
  description: string;
  /** The function's own dead-letter target for asynchronous events. */
  deadLetterTargetArn: string | null;
  /** null: in no network of the account's. */
  vpc: VpcSettings | null;
  /** The name of the log group that it writes to; null: Lambda's own for a function of its name. */
  logGroup: string | null;
}

export interface VpcSettings {
  subnetIds: string[];
  securityGroupIds: string[];
}

/** Files of a deployment package by path. */
export interface CodePackage {
  files: string[];
  sha256Base64: string;
  sizeBytes: number;
}

export interface EventInvokeSettings {
  maximumEventAgeMs: number;
  maximumRetryAttempts: number;
  onFailureArn: string | null;
  onSuccessArn: string | null;
}

export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
}

export type InvocationType = "RequestResponse" | "Event";

export type InvocationOutcome =
  | { kind: "success"; payload: unknown }
  | { kind: "error"; failure: FunctionFailure }
  /** HTTP 429 `TooManyRequestsException`; `reason` is AWS's word. */
  | { kind: "throttled"; reason: string };

/** One statement of a function's resource policy. */
export interface PermissionSettings {
  statementId: string;
  action: string;
  principal: string;
  sourceArn: string | null;
  sourceAccount: string | null;
  /** It holds for requests to a function URL of this kind only. */
  functionUrlAuthType?: UrlAuthType;
  /** It holds for invocations by a function URL only. */
  invokedViaFunctionUrl?: boolean;
}

/** `NONE`: whoever knows the URL may ask, as far as the function's policy lets everybody. */
export type UrlAuthType = "NONE" | "AWS_IAM";

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly settings: Readonly<FunctionSettings>;
  readonly code: Readonly<CodePackage>;
  readonly lastModifiedAt: number;
  /** The name of the log group that it writes to. */
  readonly logGroup: string;
  readonly eventInvoke: Readonly<EventInvokeSettings> | null;
  /** null: none is reserved. */
  readonly reservedConcurrency: number | null;
  configure(settings: Partial<FunctionSettings>): void;
  /** `zip`: the deployment package's bytes. @throws ServiceError when it is no zip. */
  updateCode(zip: Uint8Array): void;
  /** @throws ServiceError when less than the unreserved floor would be left. */
  reserveConcurrency(reserved: number | null): void;
  /** @throws ServiceError when a value is out of Lambda's bounds. */
  configureEventInvoke(settings: Partial<EventInvokeSettings> | null): void;
  addPermission(permission: PermissionSettings): void;
  removePermission(statementId: string): void;
  /** True when its resource policy lets `principal` (a service) invoke it for `sourceArn`. */
  permits(principal: string, sourceArn: string): boolean;
  /** True when its resource policy lets everybody invoke it by a URL of this kind. */
  permitsEverybody(authType: UrlAuthType): boolean;
  /**
   * One attempt: `done` is called when the function has answered, or at once when it is throttled. `type` is `RequestResponse` by
   * default; an attempt at an `Event` has no limit of requests per second.
   */
  invoke(payload: unknown, done: (outcome: InvocationOutcome) => void, type?: InvocationType): void;
  /**
   * So many more pollers (or fewer, when negative) are at work for it between two invocations. They take no concurrency, but CloudWatch
   * counts them.
   */
  countPollers(more: number): void;
  /** Accepted at once, tried as an `Event` and retried by Lambda's internal queue. */
  invokeAsync(payload: unknown): { requestId: string };
}

export interface Functions {
  /** @throws ServiceError for settings out of Lambda's bounds or a name that exists. */
  create(name: string, settings: Partial<FunctionSettings> & { roleArn: string }, inlineCode: string): LambdaFunction;
  delete(nameOrArn: string): void;
  /** Finds a function by name or ARN. */
  fn(nameOrArn: string): LambdaFunction | undefined;
  list(): LambdaFunction[];
  /** The account's limit and what is left for functions without a reservation. */
  concurrency(): { limit: number; unreserved: number };
}

/* HTTPS, for what one service asks of another by a URL */

export interface HttpRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

export interface HttpResponse {
  statusCode: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** The endpoints of the account: the URLs of its functions. Nothing outside of it is asked. */
export interface Endpoints {
  /** `done` is told the answer. False: no endpoint of the account has this host. */
  request(request: HttpRequest, done: (response: HttpResponse) => void): boolean;
}

/* EventBridge */

/** An entry of PutEvents, as EventBridge's API has it. */
export interface EventEntry {
  Source?: string;
  DetailType?: string;
  /** A JSON object. */
  Detail?: string;
  Resources?: string[];
  /** Name or ARN; absent: the default bus. */
  EventBusName?: string;
  /** ms since the epoch; absent: now */
  Time?: number;
}

/** The answer for an entry: an id, or an error. */
export interface EventResult {
  EventId?: string;
  ErrorCode?: string;
  ErrorMessage?: string;
}

export interface EventBus {
  readonly name: string;
  readonly arn: string;
}

/** The default bus is there always. */
export interface EventBuses {
  /** @throws ServiceError `ResourceAlreadyExistsException`, or for a name that no bus can have. */
  create(name: string): EventBus;
  /** With its rules. */
  delete(nameOrArn: string): void;
  bus(nameOrArn: string): EventBus | undefined;
  list(): EventBus[];
  /** One entry that fails does not fail the others. @throws ServiceError for a request that is refused as a whole. */
  putEvents(entries: readonly EventEntry[]): { FailedEntryCount: number; Entries: EventResult[] };
}

/* Resource types, as CloudFormation uses them */

export interface Creation<Properties> {
  account: Account;
  /** Resolved and coerced. */
  properties: Properties;
  logicalId: string;
  /** A generated name as CloudFormation gives one, of at most `maximum` characters. */
  generatedName(maximum: number): string;
}

/** A resource that exists; its physical id is what `Ref` gives. */
export interface Created {
  physicalId: string;
  /** The values that `Fn::GetAtt` gives, by name. */
  attributes: Record<string, string>;
  delete(): void;
}

export interface ResourceType {
  readonly type: string;
  /** It changes no event; `decides`: something else that depends on it, in a clause. Absent: it may change events. */
  readonly inert?: { decides: string | null };
  /** The properties that have no influence on what is modelled; absent: none. */
  readonly inertProperties?: readonly string[];
  /** Names the parts of a resource with these properties that change no event; `all`: the whole of it. Absent: none. */
  inertIn?(properties: TemplateMap): "all" | readonly string[];
  readonly attributes: readonly string[];
  readonly iam: { namedBy: string | null } | null;
  readonly creationMs: Fact;
  readonly deletionMs: Fact;
  /** The faults of the properties as the template has them. */
  check(properties: TemplateMap): Problem[];
  /** The faults of the resource among all those of its template, with their paths from the template's root. */
  checkAmong?(resource: TemplateResource, resources: readonly TemplateResource[]): Problem[];
  /** @throws ServiceError; the properties are resolved. */
  create(creation: Creation<TemplateMap>): Created;
  /** null: the model cannot update it. @throws ServiceError; the properties are resolved. */
  readonly update: ((created: Created, creation: Creation<TemplateMap>) => void) | null;
  readonly replacedBy: readonly string[];
}
