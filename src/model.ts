/** The nouns of a run: scenario, settings, rows, summary, record. Types only; times are integer milliseconds since the epoch. */
import type { Template } from "./template/template.ts";

export type { Parameter } from "./template/parameter.ts";

export type TargetName = "local" | "aws";

/** The year whose AWS limits and scaling rules the local target follows. */
export type PlatformName = "2020" | "2026";

/** Parameter values of a run by parameter name, as CloudFormation takes them: text. */
export type Settings = Record<string, string>;

export interface InsertsPerSecond {
  /** rows ÷ seconds; all three are over the seconds that have inserts */
  avg: number | null;
  max: number | null;
  min: number | null;
}

/** The result somebody published for a scenario, which a run is shown beside. */
export interface PublishedResult {
  /** the page that published it */
  source: string;
  /** The platform profile of its time. */
  platform: PlatformName;
  totalEvents: number;
  eventsCompleted: number;
  eventsFailed: number;
  timeTakenSeconds: number;
  maxConcurrency: number;
  insertsPerSecond: { avg: number; max: number; min: number };
  /** The published figures have these oddities, and these things were assumed. */
  notes: string[];
}

/** A scenario can promise these of its runs with the shipped settings. */
export type ClaimName = "loses-nothing" | "keeps-limit" | "keeps-order" | "no-duplicates" | "no-throttles";

/** A scenario: one CloudFormation template that keeps the harness's contract. */
/** A setting that no template of somebody's system tells. */
export type AssumedSetting = "WorkMs";

export interface Scenario {
  /** `scenario-4`, or the file name without its extension for a user's own. */
  name: string;
  /** Another name of a shipped scenario, which says what it is; null: it has none. */
  alias: string | null;
  file: string;
  title: string;
  summary: string;
  /** The path of an event, such as `["SNS", "SQS", "Lambda"]`. */
  topology: string[];
  /** what its downstream allows, such as `1/s`; null: it says nothing */
  limit: string | null;
  /** it promises these of its runs */
  claims: ClaimName[];
  /** settings whose values nobody knows: each is a guess until it is given */
  assumed: AssumedSetting[];
  /** one sentence; null: it says nothing */
  whenToUse: string | null;
  pros: string[];
  cons: string[];
  published: PublishedResult | null;
  /** The template as it was read: its parameters are the settings. Its places are in the scenario's file and its parts. */
  template: Template;
  /** The whole template as it is deployed. */
  templateBody: string;
  /** The same without the secrets that it gives as defaults, for records and journals. */
  keptTemplateBody: string;
  /** SHA-256 of the template body, hex. */
  templateHash: string;
}

/** One row of the `invocations` table. */
export interface Row {
  id: number;
  sentAt: number;
  startedAt: number;
  groupId: string;
  batchId: string;
  cacheId: string;
  createdAt: number;
}

/** One row of the `calls` table: a call that a handler made of the downstream. */
export interface Call {
  runId: string;
  /** the event's */
  id: number;
  /** by the database's clock */
  beganAt: number;
  /** `failed`: its work ends in an error; `refused`: the downstream's limit had no room */
  outcome: "accepted" | "failed" | "refused";
}

/** The groups of a run's rows: its consumer's, and its dead-letter recorder's. */
export interface Groups {
  completed: string;
  dead: string;
}

/** The ids that some of a run's rows hold. */
export interface Arrivals {
  /** ids of the consumer's rows, one per row */
  completed: number[];
  /** ids of the dead-letter recorder's rows, one per row */
  dead: number[];
  /** newest `created_at` of both groups; null without rows */
  lastCreatedAt: number | null;
}

/** The published table's figures. `null`: the figure could not be had; never a stand-in 0. */
export interface Summary {
  totalEvents: number;
  eventsCompleted: number;
  /** dead-lettered ids that never completed */
  eventsFailed: number;
  /** total − completed − failed */
  eventsMissing: number;
  /** rows minus distinct ids */
  duplicates: number;
  /** first `sent_at` to last `created_at` of the run */
  timeTakenSeconds: number | null;
  /** CloudWatch `ConcurrentExecutions` of the consumer, its maximum over the run */
  maxConcurrency: number | null;
  insertsPerSecond: InsertsPerSecond;
}

/** One whole second of the run; second 0 is that of the first insert, as in the published timelines. */
export interface TimelinePoint {
  second: number;
  inserts: number;
  deadLetters: number;
  /** most handler intervals that overlapped within this second, from the rows */
  overlap: number;
}

/** How many events were published, completed and given up in one step of the flow. */
export interface FlowStep {
  /** whole steps since the first event was sent */
  step: number;
  /** events that were sent, of those that left a row */
  published: number;
  /** first completions */
  completed: number;
  /** first dead letters of events that never completed */
  failed: number;
}

/** The events of a run by time, from the moment the first was sent. */
export interface Flow {
  /** milliseconds since the epoch */
  firstSentAt: number;
  /** length of a step */
  stepMs: number;
  /** those in which anything happened, in order; a thousand at most */
  steps: FlowStep[];
}

/** One minute of a CloudWatch metric; minutes that CloudWatch has no point for are absent. */
export interface MetricPoint {
  timestamp: number;
  value: number;
}

export interface MetricSeries {
  /** `consumer.Throttles`, `queue.ApproximateNumberOfMessagesVisible`, … */
  name: string;
  statistic: "Sum" | "Maximum" | "Average" | "Minimum";
  points: MetricPoint[];
}

export interface StackEvent {
  timestamp: number;
  logicalId: string;
  resourceType: string;
  status: string;
  reason: string | null;
}

/** The part of a burst that one invocation of the producer publishes: the ids firstId, firstId + stride, … */
export interface Shard {
  firstId: number;
  stride: number;
  events: number;
  /** what its producer reported; null: it never reported, so its events are known by their rows alone */
  published: number | null;
  failed: number | null;
  /** why it did not end as it should, a sentence; null: it has, or never reported */
  failure: string | null;
}

/** The burst as its producers reported it. */
export interface Burst {
  /** an event of a shard that did not report counts as published: its row, or its absence, tells */
  published: number;
  failed: number;
  /** first and last `sent_at` */
  firstSentAt: number | null;
  lastSentAt: number | null;
  /** by first id; one per invocation */
  shards: Shard[];
}

/** Where a run was. The local model has a region, too, and no account. */
export interface Location {
  accountId: string | null;
  region: string;
  /** what answered in AWS's place */
  endpoint: string | null;
}

/** The functions, queues and stream of a stack that the harness uses, by name where nothing else is said. */
export interface StackNames {
  name: string;
  producerFunction: string;
  /** the URL of the queue in which the producer's asynchronous invocations report */
  producerReports: string | null;
  consumerFunction: string;
  queue: string | null;
  deadLetterQueue: string | null;
  deadLetterRecorderFunction: string | null;
  /** the UUID of the event source mapping that feeds the consumer; null: no output tells */
  consumerMapping: string | null;
  /** the data stream that feeds the consumer */
  stream: string | null;
}

/** The time that CloudWatch was asked about. */
export interface MetricsWindow {
  start: number;
  end: number;
  /** when CloudWatch was asked, on the target's clock */
  readAt: number;
  /** why CloudWatch could not be read at all; null: it could */
  refusal: string | null;
  /** whether it showed as many invocations as the rows prove, and nothing more was on its way */
  complete: boolean;
}

/** The profile that a prediction went by, as its record names it. */
export interface ProfileReference {
  name: string;
  /** what answered in AWS's place when it was measured */
  endpoint: string | null;
  /** when its probes were measured, ISO */
  measuredAt: string;
  /** SHA-256 of its constants, hex */
  hash: string;
  /** the numbers that replace the platform's */
  constants: Record<string, number>;
}

/** One of the model's numbers, as an account's runs show it. */
export interface CalibratedConstant {
  value: number;
  /** 95 % */
  interval: [low: number, high: number];
  /** what it replaces */
  platformValue: number;
  /** how many durations, holds, minutes or throttles it rests on */
  observations: number;
  /** the probe that decides it, or the first of them */
  probe: string;
  /** by which figure */
  how: string;
}

/** The numbers of an account as `calibrate` finds and writes them; `records/` holds the schema and version. */
export interface AccountProfile {
  profileVersion: 1;
  name: string;
  accountId: string | null;
  region: string;
  /** what answered in AWS's place */
  endpoint: string | null;
  /** the platform whose numbers the others are */
  platform: PlatformName;
  versions: RunRecord["versions"];
  /** wall clock */
  calibratedAt: string;
  /** the runs that it rests on */
  probes: { probe: string; runId: string; startedAt: string; finishedAt: string }[];
  constants: Record<string, CalibratedConstant>;
  /** the unpublished numbers that stay the platform's, and why */
  undecided: Record<string, string>;
}

/** From sent to the first completion, of the events that completed. */
export interface WaitMs {
  p50: number;
  p95: number;
  p99: number;
  oldest: number;
}

/** The order of first completions within message groups. */
export interface Order {
  /** events before which one of the same message group with a higher id completed */
  outOfOrder: number | null;
  /** of the completed events */
  share: number;
  /** the most places that an event completed later than its turn in its group */
  worstDisplacement: number | null;
}

/** The figures of one message group. */
export interface MessageGroupFigures {
  /** from 0 */
  messageGroup: number;
  /** of the burst */
  events: number;
  completed: number;
  /** rows minus distinct ids */
  duplicates: number;
  outOfOrder: number;
  worstDisplacement: number;
  /** null: none of its events completed */
  waitMs: Pick<WaitMs, "p50" | "p95" | "oldest"> | null;
}

/** The message groups of a run beside one another. */
export interface MessageGroups {
  /** those that have an event */
  count: number;
  /** so many groups have an event that is out of order */
  outOfOrderIn: number;
  /** the groups' own 95th percentiles: of the group that waited least, of the middle one and of the one that waited most */
  waitP95Ms: { least: number; middle: number; most: number } | null;
  /** by number; of more than a hundred those whose oldest event waited longest; none where only the others are kept */
  listed: MessageGroupFigures[];
}

/** A burst that comes several times, with as many events each time. */
export interface Spikes {
  /** so often it is fired, from 1 */
  count: number;
  /** from the beginning of one to that of the next */
  everyMs: number;
}

/** A spike that began to be fired: which, from 1, and when its first event was due, on the target's clock. */
export interface BegunSpike {
  spike: number;
  at: number;
}

/** Keeps which spikes of a burst that comes several times are not to be fired again. */
export interface SpikeLog {
  /** those that had begun when the journal was read */
  begun: readonly BegunSpike[];
  /** Notes a spike before it is fired. */
  begin(spike: BegunSpike): Promise<void>;
}

/** The figures of one spike of several, by the rows. */
export interface SpikeFigures {
  /** when its first event was sent, since the first spike's first; null: no event of one of the two left a row */
  beganMs: number | null;
  events: number;
  /** failed or missing */
  lost: number;
  /** of its completed events; null: there are none */
  oldestWaitMs: number | null;
  /** from its first event until each of its events had completed or was dead-lettered; null: one left no row */
  drainedMs: number | null;
  /**
   * events of this and the earlier spikes that had neither completed nor been dead-lettered when the next spike began, or would have
   * begun after the last; null: the rows do not tell when
   */
  waitingAtNext: number | null;
  /** from the moment when none waited any more until then; null: some waited, or an event left no row */
  spareMs: number | null;
}

/** Figures beyond the published table. */
export interface Details {
  /** most handler intervals that overlapped in the rows: the cross-check of `maxConcurrency` */
  maxOverlap: number | null;
  instancesStarted: number;
  /** events completed ÷ time taken */
  throughputPerSecond: number | null;
  /** distinct `batch_id`s of the consumer's rows, so many invocations there were at least */
  batches: number;
  invocations: number | null;
  throttles: number | null;
  errors: number | null;
  /** rows of the dead-letter recorder; null: not recorded */
  deadLetters: number | null;
  /** null: an older version made the record */
  calls: {
    /** false: no setting of the downstream was on, and the calls are bounded by rows and errors */
    recorded: boolean;
    /** for want of room in the downstream's limit */
    refused: number;
    atLeast: number;
    /** null: it is not known */
    atMost: number | null;
  } | null;
  /** of these the messages of events that completed all the same, which a redrive would repeat */
  deadLettersCompleted: number | null;
  waitMs: WaitMs | null;
  /** most events at any moment that were sent and neither completed nor dead-lettered, by the rows */
  backlogMax: number | null;
  order: Order | null;
  /** whole seconds between first and last insert in which nothing was inserted */
  emptySeconds: number | null;
  /** most inserts within any rolling second */
  peakRollingSecond: number | null;
  slowest: {
    id: number;
    /** null: an older version made the record */
    messageGroup: number | null;
    waitMs: number;
  }[];
  /** null: all events are one group, or an older version made the record */
  messageGroups: MessageGroups | null;
  /** null: nobody said that the burst comes again, or an older version made the record */
  spikes: { everyMs: number; each: SpikeFigures[] } | null;
}

/** How the calls of the downstream kept a limit. */
export interface LimitBreach {
  /** whole seconds since the first call in which a window ends that holds more calls than the limit allows */
  exceededSeconds: number;
  /** most calls in one window */
  peak: number;
}

/** A whole second since the first call in which calls began. */
export interface CallSecond {
  second: number;
  calls: number;
  /** most calls in a window that ends in it and is a second long, less the tolerance by which limits are judged */
  peakPerSecond: number;
  /** the same of a minute */
  peakPerMinute: number;
}

/** How many seconds have this peak. */
export interface PeakCount {
  peak: number;
  seconds: number;
}

/** The calls that the downstream got: enough to judge another limit later. */
export interface Calls {
  /** `rows`: taken from the rows' `started_at`, so that calls of invocations that left no row are not among them */
  source: "recorded" | "rows";
  count: number;
  /** null: there was no call */
  firstAt: number | null;
  /** null: only the peaks are kept */
  seconds: CallSecond[] | null;
  peaks: { perSecond: PeakCount[]; perMinute: PeakCount[] };
  /** how they kept the limit that the run was held to; null: it was held to none */
  breach:
    | (LimitBreach & {
        limit: string;
        toleranceMs: number;
        /** for each of `seconds` the most calls in a window that ends in it; null: the seconds have them, or nothing keeps them */
        peaks: number[] | null;
      })
    | null;
}

/** How much of something is allowed: a share of all, or a number. */
export type Allowance = { share: number } | { amount: number };

/** Where somebody asked for something. */
export type GivenBy = "flag" | "configuration";

/** A limit of the downstream. */
export interface ExpectedLimit {
  /** as a person writes it, such as `1/s` */
  limit: string;
  /** windows are shorter than the limit's unit by this */
  toleranceMs: number;
  /** `setting`: DownstreamLimit; `scenario`: the scenario's own */
  origin: GivenBy | "setting" | "scenario";
}

/** A run is held to these. null: to nothing. */
export interface Expectations {
  limit: ExpectedLimit | null;
  /** how many events may be failed or missing */
  maxLoss: { allowed: Allowance; origin: GivenBy } | null;
  /** how long the oldest event may wait for its completion */
  maxWait: { allowedMs: number; origin: GivenBy } | null;
  /** its scenario's; null: an older version made the record */
  claims: ClaimName[] | null;
}

export type Expectation = "limit" | "loss" | "wait";

/** A number of which only bounds may be known. */
export interface Bounds {
  atLeast: number;
  atMost: number;
}

export interface LimitVerdict extends ExpectedLimit {
  /** `unknown`: the record does not tell */
  status: "kept" | "exceeded" | "unknown";
  /** in so many runs */
  exceededIn: number;
  /** in the worst run, whole seconds since the first call; null: no run recorded its calls */
  exceededSeconds: Bounds | null;
  /** in the worst run, the most calls in one window */
  peak: Bounds | null;
  /** so many more calls there may have been in all runs, where only rows tell of calls; null: nobody knows */
  unseenCalls: number | null;
}

/** Says where runs are as their scenario claims. */
export interface ClaimVerdict {
  claim: ClaimName;
  /** `unknown`: a figure that decides it could not be had */
  status: "held" | "broken" | "unknown";
  /** in so many runs */
  brokenIn: number;
  /** in the run that breaks it most: events lost, out of order or duplicate, throttles, seconds beyond the limit; null: not known */
  most: number | null;
}

/** The verdict on one run, or on several together: of these each part says the worst. */
export interface RunVerdict {
  runs: number;
  /** null: no limit is known */
  limit: LimitVerdict | null;
  loss: {
    totalEvents: number;
    /** of the run that lost most */
    failed: number;
    /** of the run that lost most */
    missing: number;
    /** in so many runs */
    lostIn: number;
    /** null: nobody said */
    allowed: Allowance | null;
    /** more than allowed in so many runs */
    brokenIn: number;
  };
  wait: {
    /** so many runs accounted for every event */
    drainedIn: number;
    timeTakenSeconds: number | null;
    /** from the moment an event was sent to its completion */
    oldestMs: number | null;
    /** null: nobody said */
    allowedMs: number | null;
    /** longer than allowed in so many runs */
    brokenIn: number;
  };
  /** whether the backlog of a spike reaches the next; null: nobody said that the burst comes again */
  spikes: {
    count: number;
    everyMs: number;
    /** in so many runs */
    reachedIn: number;
    /** in the run in which most wait: how many when the second spike began, the third, …, and when one after the last would have begun; null: not known */
    waiting: (number | null)[];
    /** the least time in any run from the end of a backlog to the next spike; null: the backlog reaches the next, or it is not known */
    spareMs: number | null;
  } | null;
  /** what somebody asked for and did not get */
  broken: Expectation[];
  /** null: an older version made the record */
  claims: ClaimVerdict[] | null;
}

/** Median and 5-95% interval. */
export interface Interval {
  median: number;
  low: number;
  high: number;
}

/** One of several runs that differ in nothing but the seed. */
export interface Repetition {
  seed: number;
  /** null: not recorded */
  outcome: Outcome | null;
  summary: Summary;
  /** null: not recorded */
  details: Details | null;
  /** null: not recorded */
  cost: CostTotals | null;
  /** without their seconds; null: not recorded */
  calls: Calls | null;
}

/** The figures of a run of the model, by which it is compared with others and summed up together with them. */
export interface Figures extends Repetition {
  outcome: Outcome;
  details: Details;
  /** the numbers that it went by */
  assumptions: Assumption[] | null;
}

/** The figures of several runs together. */
export interface Uncertainty {
  /** whether the runs drew the unpublished constants from their plausible ranges, each its own */
  ranges: boolean;
  runs: Repetition[];
  /** by figure, as `metrics/figures.ts` has them; null: not every run had the figure */
  intervals: Record<string, Interval | null>;
}

/** The parts of a template that are accepted and not looked at, because they change no event. */
export interface Ignored {
  /** `decides`: something else that depends on the resource, in a clause */
  resources: { logicalId: string; type: string; decides: string | null }[];
  /** each name once, and how many resources have one of them */
  properties: { names: string[]; resources: number };
  /** the logical ids of the functions whose declared code never runs, because throttle-bench's own replaces it */
  replacedCode: string[];
}

/** A run as it is asked for. It is data only, because it is written to a journal and handed to threads. */
export interface RunRequest {
  runId: string;
  scenario: Scenario;
  /** the value of every parameter, except the database's URL */
  settings: Settings;
  expected: Expectations;
  /** all that are published, by all spikes together */
  events: number;
  /** absent: there is one burst, and nobody said when another comes */
  spikes?: Spikes;
  /** how long the drain may take after the last event, on the target's clock */
  timeoutMs: number;
  /** whether CloudWatch is given the time to publish the run's last minutes */
  waitForMetrics: boolean;
  /** leaves the stack */
  keep: boolean;
  versions: RunRecord["versions"];
  /** told before the run; absent: none */
  warnings?: Warning[];
  /** absent or null: nobody looked */
  ignored?: Ignored | null;
  /** absent: those of us-east-1 */
  prices?: Prices;
  /** US dollars that all runs of the command may cost together; absent: nothing limits them, as on the model */
  maxCostDollars?: number;
}

/** The numbers and the chance that the local model goes by. It is data only, as the request of a run is. */
export interface Model {
  platform: PlatformName;
  seed: number;
  /** an account's own numbers, in place of the platform's */
  profile: AccountProfile | null;
  /** draws the unpublished numbers from their plausible ranges, by the seed; the profile's from its intervals */
  ranges: boolean;
  /** the configuration file's: they go before the draws */
  configured?: Record<string, number>;
  /** replaces numbers, whoever's they are */
  constants: Record<string, number>;
}

/** Says where the value of one of the model's numbers comes from. */
export type NumberOrigin = "given" | "configuration" | "drawn" | "profile" | "platform";

/** A number of the model that a prediction went by. */
export interface Assumption {
  /** `database.connectMs` */
  name: string;
  /** `none`: there is no such limit */
  value: number | "none";
  /** as it stands behind the value */
  unit: string;
  origin: NumberOrigin;
  /** plausible values; null: they are not known, or the number is published */
  range: [low: number, high: number] | null;
  /** how many connections or invocations came to something else by this number; null: not counted */
  decided: number | null;
}

/**
 * `timed-out`: Lambda ended the invocation at the function's timeout. `connection`: the database gave no connection, or cut it. `refused`:
 * the downstream's limit had no room. `failed-call`: the downstream failed the call, as its settings say. `memory`: the function had too
 * little. `not-loaded`: its code could not be loaded. `thrown`: the handler threw something else.
 */
export type ErrorCause =
  | "timed-out"
  | "connection"
  | "limited"
  | "refused"
  | "failed-call"
  | "memory"
  | "not-loaded"
  | "thrown";

/** The failures of the consumer that have one cause, by its log. */
export interface CountedErrors {
  cause: ErrorCause;
  /** invocations that timed out, were killed or could not connect; else events */
  count: number;
  /** what was logged first, at most 300 characters of it */
  firstMessage: string;
}

/** How the drain ended. */
export type Outcome = "drained" | "quiet" | "timeout" | "interrupted";

/** How many of something the repetition with this seed had. */
export interface SeedCount {
  seed: number;
  count: number;
}

/** A doubt that a result comes with; the reports hold its words. `seeds` are null for a single run. */
export type Caveat =
  | { code: "prediction"; platform: PlatformName; seed: number; seeds: number[] | null }
  | { code: "calibrated"; profile: string; measuredAt: string; endpoint: string | null; constants: number }
  | { code: "other-endpoint"; endpoint: string }
  /** it was given, but nothing that is known speaks for it */
  | { code: "assumption-implausible"; name: string; value: number | "none"; range: [low: number, high: number] }
  /** count: connections or invocations that came to something else by this number alone */
  | { code: "assumption-decided"; name: string; value: number | "none"; origin: NumberOrigin; count: number }
  /** missing: of all repetitions; outcome: of the first that misses any */
  | { code: "events-missing"; missing: number; outcome: Outcome; seeds: SeedCount[] | null }
  /** invocations that ended without an error, and of which no row of the run is in the database */
  | { code: "rows-elsewhere"; invocations: number }
  /** duplicates: of all repetitions */
  | { code: "duplicates"; duplicates: number; seeds: SeedCount[] | null }
  /** both counts are of messages, of all repetitions */
  | { code: "dead-letters-completed"; completed: number; deadLetters: number; seeds: SeedCount[] | null }
  | { code: "concurrency-disagrees"; cloudWatch: number; overlap: number }
  | { code: "metric-missing"; metric: string }
  | { code: "metrics-incomplete" }
  | { code: "metrics-unreadable"; why: string }
  | { code: "settings-differ"; settings: { name: string; value: string; published: string }[] }
  | { code: "events-differ"; events: number; published: number }
  | { code: "platform-differs"; platform: PlatformName; published: PlatformName }
  /** the numbers of the model that somebody gave: the published result has a downstream of its own */
  | { code: "numbers-differ"; numbers: { name: string; value: number | "none" }[] }
  | { code: "not-all-published"; failed: number }
  /** why: of the first one whose answer was lost, or that was cut off; null: none was, and no report came */
  | { code: "shards-unreported"; events: number; why: string | null }
  /** why: of the first one */
  | { code: "shards-failed"; events: number; why: string }
  | { code: "requests-repeated"; requests: RepeatedRequests[] };

/** Requests to a service that failed for a while, and were sent again so many times. `reason`: of the first. */
export interface RepeatedRequests {
  service: string;
  times: number;
  reason: string;
}

/** US dollars for `per` of the unit, which is in the plural. */
export interface Price {
  dollars: number;
  per: number;
  unit: string;
  source: string;
}

/** The prices that the path of an event is billed by. */
export interface Prices {
  region: string;
  /** when they held, such as 2026-11-26 */
  date: string;
  prices: Record<
    | "sns.publish"
    | "sns.fifoPublish"
    | "sqs.request"
    | "sqs.fifoRequest"
    | "lambda.request"
    | "lambda.gigabyteSecondArm"
    | "lambda.gigabyteSecondX86"
    | "lambda.pollerHour"
    | "kinesis.shardHour"
    | "kinesis.putUnit"
    | "eventbridge.event"
    | "eventbridge.apiDestination",
    Price
  >;
}

/** One thing that a service charged for. */
export interface CostLine {
  item:
    | "publishes"
    | "sends"
    | "receives"
    | "empty receives"
    | "deletes"
    | "invocations"
    | "duration"
    | "pollers"
    | "puts"
    | "shards"
    | "bus events"
    | "requests";
  /** in `unit`; null: it could not be counted */
  count: number | null;
  /** US dollars; null as the count is */
  dollars: number | null;
  /** US dollars for `per` of the unit */
  price: number;
  per: number;
  unit: string;
  /** of the price */
  source: string;
}

/** The cost of an event's path, in US dollars and without free tiers. null: something could not be counted. */
export interface Cost {
  /** of the prices */
  region: string;
  /** when the prices held */
  date: string;
  /** the consumer's size, by which Lambda bills */
  consumer: { memoryMb: number; architecture: string } | null;
  /** the pollers that are paid for at all times; null: the mapping is not in the provisioned mode; 0: no mapping feeds the consumer */
  minimumPollers: number | null;
  /** the shards that are paid for at all times; null: no stream of the template has a number of them */
  shards: number | null;
  lines: CostLine[];
  run: number | null;
  perMillionEvents: number | null;
  /** of a spike as often as the run was told, or one a day, with what the idle queue or stream costs in between */
  month: number | null;
  /** what the idle stack costs a month: Lambda's polls of the queue and its provisioned pollers, or the stream's shards */
  idleMonth: number;
}

export type CostTotals = Pick<Cost, "perMillionEvents" | "month">;

/** A line of an estimate: what the path of the events is billed for, and what the bench itself does for them. */
export interface Expense {
  item: CostLine["item"] | "producer" | "dead letters" | "logs" | "metrics";
  /** US dollars */
  dollars: number;
}

/** The newest estimate of what a run on an account has cost. */
export interface Estimate {
  runId: string;
  /** US dollars */
  dollars: number;
  dearest: Expense | null;
  events: number;
  /** of the consumer, by CloudWatch; null: it has counted none yet */
  invocations: number | null;
  /** of these; null as those */
  errors: number | null;
  /** as in `Spending` */
  countedUntil: number | null;
}

/** The limit of what a run may cost on an account, and how near it came. All are US dollars. */
export interface Spending {
  /** of all runs of the command together */
  limitDollars: number;
  /** of this run, estimated when it was last looked at */
  estimatedDollars: number;
  /** of all runs of the command until then */
  togetherDollars: number;
  /** the dearest line of the estimate; null: there is none */
  dearest: Expense | null;
  /** the begin of the latest minute that CloudWatch had counted, on the target's clock; null: none */
  countedUntil: number | null;
  /** the run was ended, because the runs together had come above the limit */
  exceeded: boolean;
  /** what is billed besides, at prices that are not known here */
  unpriced: string[];
}

/** A doubt about what the user set or wrote, told before the run; the reports hold its words. `raise` and `lower` name settings. */
export type Warning =
  /** AWS advises so many times the function's timeout, and the batching window besides */
  | {
      code: "visibility-below-advice";
      queue: string;
      visibilitySeconds: number;
      advisedSeconds: number;
      timeoutSeconds: number;
      windowSeconds: number;
      raise: string;
    }
  /** the queue gives a message up after so few receives */
  | { code: "receives-below-advice"; queue: string; maxReceiveCount: number; advised: number; raise: string }
  /** workMs: of one event, at most */
  | {
      code: "work-beyond-timeout";
      functionName: string;
      batchSize: number;
      workMs: number;
      timeoutSeconds: number;
      raise: string;
      lower: string[];
    }
  /** the limiter grants more than the downstream allows, in the long run or at once */
  | {
      code: "limiter-above-limit";
      functionName: string;
      rate: string;
      /** calls that it grants at once */
      capacity: number;
      limit: string;
      lower: string[];
    }
  /** an event that a limiter refuses so often is dead-lettered; `use`: what WhenRefused should be */
  | {
      code: "refusals-use-up-receives";
      functionName: string;
      queue: string;
      maxReceiveCount: number;
      whenRefused: string;
      use: string;
      setting: string;
    }
  /** those that wait at once for a grant, or for the downstream; null: as many as Lambda runs */
  | {
      code: "wait-beyond-timeout";
      functionName: string;
      waiting: number | null;
      /** that the last of them takes with its work; null: nobody knows */
      neededSeconds: number | null;
      timeoutSeconds: number;
      raise: string;
      lower: string | null;
    }
  /** nothing is there to be returned to */
  | { code: "return-without-queue"; functionName: string; setting: string }
  /** the scenario was made of a system whose templates tell nothing of the work, and nobody gave it */
  | { code: "work-assumed"; workMs: number };

/** The record that a run leaves behind; `records/` holds its schema and version. */
export interface RunRecord {
  schemaVersion: 3;
  runId: string;
  /** group of the rows that the consumer wrote; the dead letters are under `deadLetterGroupId` */
  groupId: string;
  deadLetterGroupId: string;
  scenario: string;
  title: string;
  topology: string[];
  templateHash: string;
  /** the whole template as it was deployed, so that the run can be simulated again; null: an older version made the record */
  template: string | null;
  settings: Settings;
  target: TargetName;
  /** a result of the model is a prediction, a result of an account or of another endpoint a measurement */
  kind: "prediction" | "measurement";
  /** of a prediction */
  platform: PlatformName | null;
  /** of a prediction; null: the platform's own numbers */
  profile: ProfileReference | null;
  /**
   * of a prediction: SHA-256 of the model's numbers and their ranges, hex; null also where an older version made the record
   */
  modelHash: string | null;
  /** of a prediction */
  seed: number | null;
  /** of a prediction: the downstream's numbers, the account's quota, and whatever is not the platform's; null also: not recorded */
  assumptions: Assumption[] | null;
  location: Location;
  versions: { throttleBench: string; node: string };
  /** wall clock */
  startedAt: string;
  /** wall clock */
  finishedAt: string;
  outcome: Outcome;
  /** what became of the stack */
  cleanUp: string;
  stack: StackNames;
  burst: Burst;
  summary: Summary;
  details: Details;
  timeline: TimelinePoint[];
  /** null: nothing tells when the first event was sent, or an older version made the record */
  flow: Flow | null;
  /** null: an older version made the record */
  calls: Calls | null;
  /** what the run was held to; null: an older version made the record */
  expected: Expectations | null;
  /** null: an older version made the record */
  verdict: RunVerdict | null;
  metrics: MetricSeries[];
  metricsWindow: MetricsWindow;
  /** of the consumer, the most frequent cause first; null: its log could not be read, or an older version made the record */
  errors: CountedErrors[] | null;
  /** what repeated runs say together; the record's other figures are those of the first; null: it ran once */
  uncertainty: Uncertainty | null;
  stackEvents: StackEvent[];
  published: PublishedResult | null;
  /** null: an older version made the record */
  cost: Cost | null;
  /** null: nothing limited the cost, as on the model, or an older version made the record */
  spending: Spending | null;
  /** told before the run; null: an older version made the record */
  warnings: Warning[] | null;
  /** null: an older version made the record */
  ignored: Ignored | null;
  caveats: Caveat[];
}

/** Something that happened to an event, in a run that was simulated again. */
export interface TraceStep {
  /** ms since the epoch, on the run's clock */
  at: number;
  /** since the event was made */
  sinceSentMs: number;
  /** `published`, `queued`, `received`, `throttled`, …; a call that has no word of its own is named `service.method` */
  what: string;
  /** the topic, queue, function, … by its logical id; null: it has no name */
  where: string | null;
  /** how often in a row; `lastAt` is the last of them */
  times: number;
  lastAt: number;
  /** of a receive: which receive of the message it is */
  receive: number | null;
  /** of a function: its execution environments are counted from 1 */
  instance: number | null;
  /** of an invocation: whether a new environment had to start */
  cold: boolean | null;
  /** of an invocation: how many other records its batch holds */
  others: number | null;
  /** what the service said, such as an error's message */
  detail: string | null;
  /** since the step before it */
  waitedMs: number;
  /** continues "waited for"; null: nothing that needs a reason */
  why: string | null;
}

/** One event's life, from its publish to its end. */
export interface Trace {
  runId: string;
  scenario: string;
  event: number;
  /** null: its events are in one group */
  messageGroup: number | null;
  /** when it was made, ms since the epoch; null: nothing was published of it */
  sentAt: number | null;
  /** `lost`: it left no row */
  outcome: "completed" | "dead-lettered" | "lost";
  steps: TraceStep[];
}

/** The model that decides a prediction, besides the scenario and its settings. */
export type ModelName = {
  platform: PlatformName;
  profile: ProfileReference | null;
  modelHash: string;
  seed: number;
  assumptions: Assumption[];
};

/** A target as it describes itself. The records of its runs hold this as it is. */
export type Origin = Pick<
  RunRecord,
  "target" | "kind" | "platform" | "profile" | "modelHash" | "seed" | "assumptions"
> & {
  location: Location;
};
