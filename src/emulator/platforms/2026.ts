/** AWS as it is in 2026: every limit and rate that the model uses, once. Times are milliseconds unless the name says otherwise. */
import { assumed, chosen, documented, type Fact, fitted, measured } from "./fact.ts";
import fits from "./fitted.json" with { type: "json" };

const lambdaGuide = "https://docs.aws.amazon.com/lambda/latest/dg";
const sqsGuide = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";
const snsGuide = "https://docs.aws.amazon.com/sns/latest/dg";
const scaling = `${lambdaGuide}/scaling-behavior.html`;
const asyncErrors = `${lambdaGuide}/invocation-async-error-handling.html`;
const mappingScaling = `${lambdaGuide}/services-sqs-scaling.html`;
const mappingParameters = `${lambdaGuide}/services-sqs-parameters.html`;
const pollerConfig = "https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html";
const coldStarts =
  "cold starts of Node.js zip functions measured by mikhailshilkov/mikhailio-hugo, data/coldstart_aws_*.json, January 2021";
const idleLife =
  "survival of idle environments measured by mikhailshilkov/mikhailio-hugo, data/coldstart_aws_interval.json, January 2021";
const snsRetries = `${snsGuide}/sns-message-delivery-retries.html`;
const snsQuotas = "https://docs.aws.amazon.com/general/latest/gr/sns.html";
const queueQuotas = `${sqsGuide}/quotas-queues.html`;
const messageQuotas = `${sqsGuide}/quotas-messages.html`;
const fifoBacklog = `${sqsGuide}/avoid-backlog-with-the-same-message-group-id.html`;
const queueAttributes =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html";
const batchIds =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html";
const withKinesis = `${lambdaGuide}/with-kinesis.html`;
const streamMappingParameters = `${lambdaGuide}/services-kinesis-parameters.html`;
const streamRetries =
  "AWS says that a failed batch is tried again, not when: three invocations within 2.4 s of a record's arrival, the wait for the poll included, in the record of Stream failure modes (docs of aws-sls-failure-modes, January 2022), and eleven within 870 s in one of October 2025";
const streamQuotas = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html";
const puttingRecords = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html";
const gettingRecords = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html";
const eventsGuide = "https://docs.aws.amazon.com/eventbridge/latest/userguide";
const putEvents = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html";
const ruleRetries = `${eventsGuide}/eb-rule-retry-policy.html`;
const apiDestinations = `${eventsGuide}/eb-api-destinations.html`;
const eventsLatency =
  "80 ms end to end at 90% of 2,000 events a second: https://aws.amazon.com/blogs/architecture/, the Amazon Key team, February 2026; some 130 ms at 99% since February 2023";
const passwords = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html";
const fairQueuesLab = "https://github.com/clep-raggedcloth/sqs-fair-queues-lab, July 2026";
const fairQueues = `${sqsGuide}/sqs-fair-queues-detailed.html`;
const weakRetries =
  "https://github.com/aws/aws-cdk/issues/24180 and https://github.com/adobe/spacecat-audit-worker/pull/2876 (21 throttles in 5 minutes)";
const errorCut =
  "throughput 20, 75 and 85% lower and concurrency down from 60 to 25, 16 and 13 with 1, 5 and 10% errors, measured by https://rehanvdm.com/blog/sqs-lambda-esm-scaling-behaviour--experiment-esm-and-lambda-errors";
const errorRetryTimes =
  "retries after 66.2 and 130.2 s: cosmo-grant/aws-by-example, docs/lambda_retries.html, November 2025; up to 4 % early: LocalStack, test_maxeventage, validated on AWS, November 2025";
const slowReading =
  "AWS says that it reads a long queue more slowly, not how: invocation-async-error-handling.html; without it the published scenario-2 would have taken 5,900 s";

export const platform2026 = {
  "lambda.accountConcurrency": documented(1000, `${lambdaGuide}/gettingstarted-limits.html`),
  "lambda.unreservedFloor": documented(100, `${lambdaGuide}/configuration-concurrency.html`),
  "lambda.maximumNameCharacters": documented(
    64,
    "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
  ),
  "lambda.maximumPayloadBytes": documented(6_291_456, `${lambdaGuide}/gettingstarted-limits.html`),
  "lambda.maximumAsynchronousPayloadBytes": documented(1_048_576, `${lambdaGuide}/gettingstarted-limits.html`),
  "lambda.maximumZippedBytes": documented(52_428_800, `${lambdaGuide}/gettingstarted-limits.html`),
  "lambda.maximumUnzippedBytes": documented(262_144_000, `${lambdaGuide}/gettingstarted-limits.html`),
  "lambda.maximumEnvironmentBytes": documented(4_096, `${lambdaGuide}/gettingstarted-limits.html`),
  "lambda.scalingBucket": documented(1000, scaling),
  "lambda.scalingRefillPerSecond": documented(100, scaling),
  /** 1: every function has a bucket of its own; 0: the region shares one. */
  "lambda.scalingPerFunction": documented(1, scaling),
  "lambda.requestsPerSecondPerConcurrency": documented(10, scaling),
  "lambda.defaultTimeoutMs": documented(3_000, `${lambdaGuide}/configuration-timeout.html`),
  "lambda.minimumTimeoutMs": documented(1_000, `${lambdaGuide}/configuration-timeout.html`),
  "lambda.maximumTimeoutMs": documented(900_000, `${lambdaGuide}/configuration-timeout.html`),
  "lambda.defaultMemoryMb": documented(128, `${lambdaGuide}/configuration-memory.html`),
  "lambda.minimumMemoryMb": documented(128, `${lambdaGuide}/configuration-memory.html`),
  "lambda.maximumMemoryMb": documented(10_240, `${lambdaGuide}/configuration-memory.html`),
  "lambda.coldStartMedianMs": measured(260, [195, 595], coldStarts),
  "lambda.coldStartSigma": measured(0.3, [0.25, 0.35], coldStarts),
  "lambda.idleLifeMinimumMs": measured(300_000, [180_000, 360_000], idleLife),
  "lambda.idleLifeMaximumMs": measured(420_000, [360_000, 600_000], idleLife),
  "lambda.asyncDispatchMs": assumed(30, [5, 200], "from the asynchronous front end to the first attempt; unpublished"),
  "lambda.asyncMinimumEventAgeMs": documented(
    60_000,
    "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html",
  ),
  "lambda.asyncMaximumEventAgeMs": documented(21_600_000, asyncErrors),
  "lambda.asyncMaximumRetryAttempts": documented(2, asyncErrors),
  "lambda.asyncFirstErrorRetryMs": documented(60_000, asyncErrors),
  "lambda.asyncSecondErrorRetryMs": documented(120_000, asyncErrors),
  "lambda.asyncThrottleBackoffBaseMs": documented(1_000, asyncErrors),
  "lambda.asyncThrottleBackoffCapMs": documented(300_000, asyncErrors),
  "lambda.maximumDeadLetterErrorCharacters": documented(
    1_024,
    `${lambdaGuide}/invocation-async-retain-records.html#invocation-dlq`,
  ),
  /** The share of the interval after a throttle that is added at random, at most. */
  "lambda.asyncThrottleJitter": measured(
    0.15,
    [0.1, 0.25],
    "seven attempts of one event: four intervals of 15 s together took 16.6 s, one of 16 s took 16.15 s, one of 32 s took 35.14 s; cosmo-grant/aws-by-example, docs/lambda_retries.html, November 2025",
  ),
  /** A retry after an error comes between these shares of its interval. */
  "lambda.asyncErrorRetryEarliest": measured(0.96, [0.94, 1], errorRetryTimes),
  "lambda.asyncErrorRetryLatest": measured(1.1, [1.08, 1.15], errorRetryTimes),
  /** How fast a function's events are read from the internal queue, as long as it is not throttled. */
  "lambda.asyncReadsPerSecond": assumed(
    1_000,
    [500, 5_000],
    "unpublished; as many as one function's environments may grow by in ten seconds",
  ),
  /** The share by which a throttle cuts the rate of reading. */
  "lambda.asyncReadCut": assumed(0.2, [0.05, 0.5], slowReading),
  /** By how much a success raises the rate of reading again, in events per second. */
  "lambda.asyncReadGrowthPerSecond": fitted(
    fits["lambda.asyncReadGrowthPerSecond"].value,
    [0.01, 0.2],
    `${slowReading}; ${fits["lambda.asyncReadGrowthPerSecond"].fittedTo}`,
  ),
  "lambda.asyncReadFloorPerSecond": assumed(0.2, [0.05, 0.5], slowReading),

  "sns.deliveryMedianMs": assumed(
    40,
    [20, 100],
    "SNS to SQS or Lambda is typically tens of milliseconds; no published figure",
  ),
  "sns.deliverySigma": assumed(0.5, [0.2, 0.8], "the tail of the delivery time; unpublished"),
  "sqs.receiveMs": assumed(15, [5, 40], "a ReceiveMessage call within the region, without its wait; unpublished"),
  "sqs.deleteMs": assumed(10, [4, 40], "a DeleteMessage call within the region; unpublished"),
  "sqs.changeVisibilityMs": assumed(10, [4, 40], "a ChangeMessageVisibility call within the region; unpublished"),
  "sqs.sendMs": assumed(15, [5, 50], "a SendMessageBatch call within the region; unpublished"),
  "sns.publishMs": assumed(25, [8, 60], "a PublishBatch call within the region; unpublished"),
  "sns.immediateRetries": documented(3, snsRetries),
  "sns.preBackoffRetries": documented(2, snsRetries),
  "sns.preBackoffMs": documented(1_000, snsRetries),
  "sns.backoffRetries": documented(10, snsRetries),
  "sns.backoffMaximumMs": documented(20_000, snsRetries),
  "sns.postBackoffRetries": documented(100_000, snsRetries),
  "sns.retryJitter": assumed(0.2, [0, 0.5], "AWS says that the delays are jittered, not by how much"),
  "sns.endpointFailureRate": assumed(
    0,
    [0, 0.001],
    "how often Lambda's or SQS's front end fails; unpublished and rare",
  ),
  "sns.maximumBatchEntries": documented(10, "https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html"),
  "sns.maximumMessageBytes": documented(262_144, "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"),
  "sns.maximumBatchIdCharacters": documented(
    80,
    "https://docs.aws.amazon.com/sns/latest/api/API_PublishBatchRequestEntry.html",
  ),
  "sns.fifoDeduplicationMs": documented(300_000, `${snsGuide}/fifo-message-dedup.html`),
  "sns.fifoTopicMessagesPerSecond": documented(3_000, snsQuotas),
  /** Where the throughput's scope is the group. */
  "sns.fifoGroupMessagesPerSecond": documented(300, snsQuotas),
  /** In us-east-1. */
  "sns.largestRegionMessagesPerSecond": documented(30_000, snsQuotas),
  /** In us-west-2 and eu-west-1. */
  "sns.largeRegionMessagesPerSecond": documented(9_000, snsQuotas),
  "sns.otherRegionFifoMessagesPerSecond": documented(3_000, snsQuotas),
  "sns.maximumNameCharacters": documented(256, "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"),

  "sqs.defaultVisibilityTimeoutMs": documented(30_000, queueQuotas),
  "sqs.maximumVisibilityTimeoutMs": documented(43_200_000, queueQuotas),
  "sqs.defaultRetentionMs": documented(345_600_000, queueQuotas),
  "sqs.minimumRetentionMs": documented(60_000, queueQuotas),
  "sqs.maximumRetentionMs": documented(1_209_600_000, queueQuotas),
  "sqs.maximumDelayMs": documented(900_000, queueQuotas),
  "sqs.maximumReceiveWaitMs": documented(20_000, `${sqsGuide}/sqs-short-and-long-polling.html`),
  "sqs.maximumReceiveBatch": documented(10, queueQuotas),
  "sqs.minimumMessageBytes": documented(1_024, queueAttributes),
  "sqs.maximumMessageBytes": documented(1_048_576, queueQuotas),
  "sqs.inFlightLimit": documented(120_000, queueQuotas),
  "sqs.fifoInFlightLimit": documented(120_000, fifoBacklog),
  /** Among so many of its first messages a FIFO queue finds groups. */
  "sqs.fifoLookAheadLimit": documented(120_000, fifoBacklog),
  "sqs.fifoDeduplicationMs": documented(300_000, `${sqsGuide}/FIFO-queues-exactly-once-processing.html`),
  /** Each action has its own; a call of ten messages is one. */
  "sqs.fifoCallsPerSecond": documented(300, messageQuotas),
  /** In us-east-1, us-west-2 and eu-west-1. */
  "sqs.fifoHighThroughputCallsPerSecond": documented(70_000, messageQuotas),
  "sqs.fifoOtherRegionsHighThroughputCallsPerSecond": documented(2_400, messageQuotas),
  "sqs.maximumAttributeEntries": documented(10, `${sqsGuide}/sqs-message-metadata.html`),
  "sqs.maximumGroupIdCharacters": documented(
    128,
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
  ),
  "sqs.receivesUntilBackOfQueue": documented(3, `${sqsGuide}/sqs-available-cloudwatch-metrics.html`),
  /** A queue has one partition unless more messages than the next number have been visible for the time after it. */
  "sqs.onePartitionLimit": measured(
    2_000,
    [500, 5_000],
    `with 5,000 messages waiting; nobody saw it with fewer than thousands; ${fairQueuesLab}`,
  ),
  "sqs.partitioningMs": measured(
    20_000,
    [5_000, 60_000],
    `messages sent 25 s after a burst were the first that did not wait behind it; ${fairQueuesLab}`,
  ),
  "sqs.partitionedShare": measured(
    0.67,
    [0.3, 1],
    `in two of three runs messages overtook the backlog, in the third all waited; ${fairQueuesLab}`,
  ),
  /** So many partitions it has then. */
  "sqs.hiddenPartitions": measured(
    2,
    [2, 4],
    `about half of the later messages overtook the backlog; ${fairQueuesLab}`,
  ),
  /** The share of receives that ask one of the newer partitions first. */
  "sqs.newerPartitionsShare": measured(
    0.35,
    [0.2, 0.5],
    `messages that overtook the backlog waited for 0.8 s in the median and 2.4 s at 90%, with 8.3 receives a second; ${fairQueuesLab}`,
  ),
  /* A fair queue: a standard queue whose messages have groups, each of which is a tenant. */
  "sqs.noisyShare": documented(0.1, fairQueues),
  "sqs.noisyInFlightLimit": documented(30, fairQueues),
  "sqs.noisyQuietMs": documented(300_000, fairQueues),
  /** For how long the rule by messages in flight has to hold until the tenant counts as noisy. */
  "sqs.noisyDetectionMs": measured(
    60_000,
    [15_000, 120_000],
    `the flag appears in the first or second minute at a large concurrency; ${fairQueuesLab}`,
  ),
  /** The same for the rule by processing time. */
  "sqs.noisyProcessingMs": measured(
    1_800_000,
    [900_000, 7_200_000],
    `no flag in ten minutes of a tenant with over 90% of the processing time, at MaximumConcurrency 20; over what time AWS looks is unpublished; ${fairQueuesLab}`,
  ),
  /** For how long messages that waited before go on waiting amid those of a tenant that was found to be noisy. */
  "sqs.fairResortMs": measured(
    200_000,
    [100_000, 300_000],
    `quiet tenants' waits begin to level some 200 s after the burst; ${fairQueuesLab}`,
  ),
  "sqs.maximumMaxReceiveCount": documented(1_000, queueAttributes),
  "sqs.maximumBatchIdCharacters": documented(80, batchIds),
  "sqs.maximumNameCharacters": documented(80, queueQuotas),

  "kinesis.writeRecordsPerSecond": documented(1_000, streamQuotas),
  "kinesis.writeBytesPerSecond": documented(1_048_576, streamQuotas),
  "kinesis.readsPerSecond": documented(5, streamQuotas),
  "kinesis.readBytesPerSecond": documented(2_097_152, streamQuotas),
  /** The least is what a stream has unless it asks for more. */
  "kinesis.minimumRetentionHours": documented(24, streamQuotas),
  "kinesis.maximumRetentionHours": documented(8_760, streamQuotas),
  /** All shards of an account, in the three largest regions. */
  "kinesis.shardsLimit": documented(20_000, streamQuotas),
  /** A new stream of the mode ON_DEMAND. It does not grow here. */
  "kinesis.onDemandShardsLimit": documented(
    4,
    "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html",
  ),
  "kinesis.defaultRecordBytes": documented(1_048_576, streamQuotas),
  "kinesis.maximumRecordBytes": documented(10_485_760, streamQuotas),
  "kinesis.maximumPutEntries": documented(500, puttingRecords),
  "kinesis.maximumPutBytes": documented(10_485_760, puttingRecords),
  "kinesis.maximumReadLimit": documented(10_000, gettingRecords),
  "kinesis.maximumReadBytes": documented(10_485_760, gettingRecords),
  "kinesis.iteratorLifeMs": documented(
    300_000,
    "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html",
  ),
  "kinesis.maximumNameCharacters": documented(
    128,
    "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html",
  ),
  "kinesis.maximumPartitionKeyCharacters": documented(256, puttingRecords),
  "kinesis.putMs": assumed(20, [8, 60], "a PutRecords call within the region; unpublished"),
  "kinesis.getMs": assumed(15, [5, 60], "a GetRecords call within the region; unpublished"),

  "mapping.initialPollers": documented(5, mappingScaling),
  /** An idle mapping shrinks to this. */
  "mapping.idlePollers": documented(2, mappingScaling),
  /** Throttles and errors shrink a mapping to this. */
  "mapping.troubledPollers": assumed(
    4,
    [2, 5],
    "AWS says only that the concurrency is cut gradually; with fewer, the published scenario-5 would have been slower",
  ),
  "mapping.maximumPollers": documented(1_250, mappingScaling),
  "mapping.pollersPerMinute": documented(300, mappingScaling),
  "mapping.longPollMs": assumed(
    20_000,
    [10_000, 20_000],
    "the documented longest wait; AWS says only that Lambda uses long polling",
  ),
  "mapping.maximumBatchBytes": documented(6_291_456, mappingParameters),
  "mapping.maximumStandardBatchSize": documented(10_000, mappingParameters),
  "mapping.defaultQueueBatchSize": documented(10, mappingParameters),
  /** A larger batch needs a batching window of at least the next number. */
  "mapping.maximumBatchSizeWithoutWindow": documented(10, mappingParameters),
  "mapping.minimumLargeBatchWindowMs": documented(1_000, mappingParameters),
  /** Bounds of `ScalingConfig.MaximumConcurrency`. */
  "mapping.minimumMaximumConcurrency": documented(2, mappingScaling),
  "mapping.maximumMaximumConcurrency": documented(1_000, mappingScaling),
  /* The provisioned mode. */
  "mapping.defaultMinimumPollers": documented(2, pollerConfig),
  "mapping.lowestMinimumPollers": documented(2, pollerConfig),
  "mapping.highestMinimumPollers": documented(200, pollerConfig),
  "mapping.defaultMaximumPollers": documented(200, pollerConfig),
  "mapping.lowestMaximumPollers": documented(2, mappingParameters),
  "mapping.highestMaximumPollers": documented(
    2_000,
    `${mappingParameters}, and CloudFormation's schema; the newest text of ${pollerConfig} says 10,000`,
  ),
  "mapping.invocationsPerPoller": documented(10, mappingScaling),
  "mapping.pollerReceivesPerSecond": documented(10, mappingScaling),
  "mapping.pollerBytesPerSecond": documented(1_000_000, mappingScaling),
  /** A thousand concurrent invocations more a minute. */
  "mapping.provisionedPollersPerMinute": documented(100, mappingScaling),
  "mapping.maximumBatchingWindowMs": documented(300_000, mappingParameters),
  "mapping.visibilityOverrideMs": documented(30_000, "awsdocs/aws-lambda-developer-guide, with-sqs.md (2022)"),
  "mapping.overheadMs": assumed(
    100,
    [40, 300],
    "one poller's loop without the handler: receive, invoke and delete at some 30 ms each; 40-130 ms by the invocations during ramps of https://rehanvdm.com/blog/sqs-lambda-esm-scaling-behaviour--experiment-lambda-time-vs-batch-size; at most the 0.3 s that scenario-5 leaves for it and an insert",
  ),
  /** The share of the overhead by which one loop's is above or below it, at most. */
  "mapping.overheadSpread": assumed(0.2, [0, 0.5], "how unlike one poller's loops are; unpublished"),
  /**
   * A mapping with `MaximumConcurrency` looks at this interval whether a slot is free that was busy for 2 s; other numbers of slots by a
   * power law through both, less in proportion for slots that were busy for less. With a handler of 50 ms and 25 slots there is next to
   * no such time, by the caps that are met there: https://rehanvdm.com/blog/sqs-lambda-esm-scaling-behaviour--experiment-esm-and-lambda-concurrency-uploads
   */
  "mapping.twentySlotsLookMs": measured(
    580,
    [400, 800],
    `8.29-8.35 starts/s with MaximumConcurrency 20 and a handler of 2.000 s: a slot is free for 0.41 s, drawn as what is left of an interval of 0.3-0.9 s; ${fairQueuesLab}`,
  ),
  "mapping.hundredSlotsLookMs": measured(
    260,
    [150, 500],
    `some 44.5 starts/s with MaximumConcurrency 100 and a handler of 2.000 s: a slot is free for some 0.25 s; ${fairQueuesLab}`,
  ),
  /** The share by which one of these intervals is above or below their mean, at most. */
  "mapping.lookSpread": measured(0.5, [0.3, 0.7], `how the times between starts are distributed; ${fairQueuesLab}`),
  /** 0: a throttled batch is tried again until its visibility timeout is over; 1: it is let go after so many tries, and stays in flight. */
  "mapping.throttlePolicy": {
    ...documented(0, `${lambdaGuide}/services-sqs-errorhandling.html; incidents speak for 1: ${weakRetries}`),
    range: [0, 1],
  },
  "mapping.throttleTries": assumed(3, [1, 10], `where throttlePolicy is 1; few by ${weakRetries}`),
  "mapping.throttleBackoffBaseMs": assumed(500, [100, 1_000], "unpublished; the range fits the published runs"),
  "mapping.throttleBackoffCapMs": assumed(4_000, [1_000, 20_000], "unpublished; the range fits the published runs"),
  "mapping.throttleBackoffJitter": assumed(
    1,
    [0, 1],
    "unpublished; full jitter is what AWS advises others: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/",
  ),
  "mapping.scalingTickMs": measured(
    1_000,
    [200, 5_000],
    "the ramp of 300 a minute is a straight line of 298 a minute in the picture of aws-samples' demonstration of SQS mappings",
  ),
  "mapping.scalingLookBackMs": assumed(
    30_000,
    [15_000, 120_000],
    "for how long a throttle or an error holds scaling back; unpublished",
  ),
  "mapping.shrinkFactor": assumed(
    0.9,
    [0.3, 0.9],
    "how far a mapping cuts its concurrency in 15 s with throttles or errors: AWS says gradually, not how far",
  ),
  /** With errors, a mapping has no more pollers than a power law through the next two says. */
  "mapping.onePercentErrorPollers": measured(48, [20, 60], errorCut),
  "mapping.tenPercentErrorPollers": measured(9, [6, 13], errorCut),
  "mapping.idleShrinkMs": assumed(
    60_000,
    [30_000, 300_000],
    "how long empty receives go on before pollers stop; unpublished",
  ),

  "eventbridge.putEventsMs": assumed(30, [10, 80], "a PutEvents call within the region; unpublished"),
  "eventbridge.maximumEntries": documented(10, putEvents),
  "eventbridge.maximumEntryBytes": documented(262_144, `${eventsGuide}/eb-putevent-size.html`),
  "eventbridge.maximumNameCharacters": documented(
    64,
    "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
  ),
  "eventbridge.maximumBusNameCharacters": documented(
    256,
    "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html",
  ),
  "eventbridge.targetsLimit": documented(5, `${eventsGuide}/eb-quota.html`),
  /** From PutEvents to the first attempt at a target. */
  "eventbridge.deliveryMedianMs": measured(50, [30, 90], eventsLatency),
  "eventbridge.deliverySigma": measured(0.4, [0.3, 0.8], eventsLatency),
  "eventbridge.maximumRetries": documented(185, ruleRetries),
  "eventbridge.minimumEventAgeMs": documented(
    60_000,
    "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html",
  ),
  "eventbridge.maximumEventAgeMs": documented(86_400_000, ruleRetries),
  "eventbridge.retryBackoffBaseMs": assumed(
    1_000,
    [200, 30_000],
    "AWS says that it backs off exponentially, not from where",
  ),
  "eventbridge.retryBackoffCapMs": assumed(
    300_000,
    [60_000, 600_000],
    "unpublished; 185 retries in 24 hours are one in 467 s",
  ),
  /** The share of the interval before a retry that is taken off at random, at most. */
  "eventbridge.retryJitter": assumed(1, [0.1, 1], "AWS says that the retries are jittered, not by how much"),
  "eventbridge.apiDestinationTimeoutMs": documented(5_000, apiDestinations),
  "eventbridge.defaultInvocationsPerSecond": documented(300, apiDestinations),
  /** So long a time's worth of its rate goes to an API destination at once, at most, and always one invocation. */
  "eventbridge.apiDestinationBurstMs": assumed(
    1_000,
    [0, 1_000],
    "unpublished; a rate per second that let more than a second's worth through at once would not be one",
  ),
  /** The share of the invocations that take the event that waits longest; the others take any. */
  "eventbridge.apiDestinationOldestShare": assumed(
    0.5,
    [0, 1],
    "AWS promises no order, and does not say how far it is from one",
  ),
  /** From EventBridge to an HTTPS endpoint and back, without the endpoint's own time. */
  "eventbridge.requestMedianMs": assumed(
    20,
    [5, 60],
    "a new connection with TLS for each request (AWS sends Connection: close) within the region; unpublished",
  ),
  "eventbridge.requestSigma": assumed(0.3, [0.1, 0.6], "the spread of the requests' times; unpublished"),
  /** The share of a schedule's period that is over when it runs for the first time. */
  "eventbridge.scheduleFirstShare": assumed(0.5, [0, 1], "AWS does not say when a rate begins"),
  /** How far from its minute a schedule runs, at most. */
  "eventbridge.scheduleLatenessMs": assumed(
    1_000,
    [0, 10_000],
    "AWS says that a rule runs within its minute, and not at which second",
  ),

  "mapping.streamPollMs": documented(1_000, withKinesis),
  "mapping.defaultStreamBatchSize": documented(100, streamMappingParameters),
  "mapping.maximumParallelizationFactor": documented(10, streamMappingParameters),
  "mapping.maximumStreamRetries": documented(10_000, streamMappingParameters),
  "mapping.minimumRecordAgeMs": documented(60_000, streamMappingParameters),
  "mapping.maximumRecordAgeMs": documented(604_800_000, streamMappingParameters),
  "mapping.streamOverheadMs": assumed(
    30,
    [10, 150],
    "one loop of a shard's poller without the handler: a synchronous invocation within the region, and a checkpoint; unpublished",
  ),
  "mapping.streamBackoffBaseMs": assumed(500, [100, 1_000], streamRetries),
  "mapping.streamBackoffCapMs": assumed(60_000, [10_000, 600_000], streamRetries),
  "mapping.streamBackoffJitter": assumed(0.5, [0, 1], streamRetries),

  "cloudwatch.publishingDelayMs": assumed(
    90_000,
    [60_000, 180_000],
    "AWS advises to read minutes after the end; no published bound",
  ),
  "cloudwatch.concurrencySampleMs": assumed(
    1_000,
    [250, 10_000],
    "ConcurrentExecutions is sampled; how often is unpublished",
  ),
  "cloudwatch.maximumQueries": documented(
    500,
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html",
  ),

  "cloudwatch.maximumDatapoints": documented(
    1_440,
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html",
  ),

  "cloudformation.maximumStackNameCharacters": documented(
    128,
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html",
  ),
  "iam.maximumRoleNameCharacters": documented(
    64,
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
  ),
  "logs.filterLimit": documented(
    10_000,
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html",
  ),
  "logs.maximumNameCharacters": documented(
    512,
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  ),
  "rds.maximumInstanceNameCharacters": documented(
    63,
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
  ),
  "rds.maximumGroupNameCharacters": documented(
    255,
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
  ),
  "secretsmanager.maximumNameCharacters": documented(
    512,
    "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
  ),
  "secretsmanager.defaultPasswordLength": documented(32, passwords),
  "secretsmanager.maximumPasswordLength": documented(4_096, passwords),

  /* The downstream is the user's, not AWS's: these describe a database in the region of the functions. */
  "database.connectMs": assumed(
    20,
    [5, 60],
    "TCP, TLS and the password's proof are some six round trips of at most a millisecond within a region, and Postgres starts a process; an account's own is found by `calibrate`",
  ),
  "database.insertMedianMs": assumed(
    4,
    [1, 10],
    "a round trip within a region and a commit that is flushed to a network disk, some milliseconds together; an account's own is found by `calibrate`",
  ),
  "database.sigma": assumed(0.2, [0.05, 0.6], "the spread of the database's times"),
  "database.maximumConnections": chosen(
    Number.POSITIVE_INFINITY,
    "how many connections a database takes is its owner's to say, and no database was asked for",
  ),
} satisfies Record<string, Fact>;

/** Names every number of the model. */
export type FactName = keyof typeof platform2026;

export type Facts = Record<FactName, Fact>;
