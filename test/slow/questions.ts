/**
 * Questions whose right answers follow from arithmetic and queueing theory, and were written down before any search had answered them.
 * Throughout: N events come, the limit is n calls in any 0.9 s (a second less the tolerance), a call takes w. One instance begins a call
 * each w and a little more, so that c instances begin at most c × ⌈0.9 / w⌉ of them in a window, and as many as that when they begin together.
 */
import type { Question } from "../../src/simulation/search/question.ts";

/** Bounds of a setting of the family's best candidate, both included. */
type Bounds = readonly [least: number, most: number];

/** `keeps`: its best candidate does, with these settings where some are given. `breaks`: whatever its settings, or theory leaves it out. */
type Standing =
  | "keeps"
  | "breaks"
  | { keepsWith: Readonly<Record<string, Bounds>> }
  | { keepsOnlyWith: Readonly<Record<string, Bounds>> };

export interface Known {
  /** what is right */
  name: string;
  /** how one finds it without a computer */
  why: string;
  question: Partial<Question> & Pick<Question, "limit" | "spike" | "workMs">;
  /** one of these is the winner; `nothing`: nothing holds; absent: whichever */
  winner?: readonly string[] | "nothing";
  families?: Readonly<Record<string, Standing>>;
  /** where nothing holds: what would do, each between these bounds */
  remedies?: Readonly<Record<string, Bounds>>;
  needsNoThrottle?: boolean;
  /** no candidate has more at once */
  mostConcurrency?: number;
  /** so many times what begins together in the worst case is still likely to keep the limit, because it hardly ever does; absent: 1 */
  luck?: number;
}

const spike = (rate: number, seconds: number) => ({ rate, durationMs: seconds * 1_000 });
const work = (from: number, to = from) => ({ from, to });
const minute = 60_000;
const none = Number.POSITIVE_INFINITY;

const limiters = ["limiter-token-bucket", "limiter-reservation", "api-destination"] as const;
export const fifoQueues = ["fifo-one-group", "sqs-fifo", "fifo-ten-groups"] as const;
/** They cannot have a concurrency of less than two. */
const atLeastTwo = {
  "maximum-concurrency-2": "breaks",
  "provisioned-pollers": "breaks",
  "sns-direct": "breaks",
} as const;

/** The six problems that the search was made for. */
export const problems: readonly Known[] = [
  {
    name: "one at a time keeps 1/s where a call takes 1 to 1.2 s, and two at a time do not",
    why: "c = 1 begins a call each 1.0 s at least; c = 2 makes 2 / 1.1 = 1.8 calls/s",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(1_000, 1_200) },
    families: {
      ...atLeastTwo,
      "fifo-one-group": "keeps",
      "sqs-reserved": "keeps",
      "limiter-token-bucket": "keeps",
    },
  },
  {
    name: "no cap keeps 1/s where a call takes 0.2 s: a hold, a limiter or an API destination does",
    why: "c = 1 makes 1 / 0.2 to 1 / 0.3 = 3 to 5 calls/s; held for 0.9 s it makes one in a window",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(200) },
    families: {
      ...atLeastTwo,
      "fifo-one-group": { keepsOnlyWith: { HoldMs: [800, none] } },
      "sqs-reserved": { keepsOnlyWith: { HoldMs: [800, none] } },
      "single-instance-held": { keepsWith: { HoldMs: [800, none] } },
      "limiter-token-bucket": "keeps",
      "api-destination": "keeps",
    },
  },
  {
    name: "ten at a time keep 10/s where a call takes 1 to 1.5 s, and eleven do not",
    why: "each begins one call in 0.9 s; all eleven begin one with 0.7^11 = 1 in 50 of some hundred windows",
    question: { limit: "10/s", spike: spike(50, 20), workMs: work(1_000, 1_500) },
    families: {
      "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [5, 10] } },
      "sqs-reserved": "keeps",
      "sns-direct": "breaks",
    },
  },
  {
    name: "nothing brings 1000 events through 1/s in 5 min: a limit of 3.1/s would",
    why: "the last waits N / L − 20 s = 980 s; N / L ≤ 320 s from L = 3.1/s on",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(1_000), maxWaitMs: 5 * minute },
    winner: "nothing",
    remedies: { limit: [3.1, 4.5] },
  },
  {
    name: "a FIFO queue of ten groups, at most five at a time, keeps 5/s and each group's order where a call takes 2 s",
    why: "five begin one call each in 0.9 s; ten groups without a cap begin ten; a standard queue keeps no order",
    question: { limit: "5/s", spike: spike(20, 30), workMs: work(2_000), order: { within: "group", groups: 10 } },
    families: {
      "fifo-ten-groups": { keepsWith: { MaximumConcurrency: [2, 5] } },
      "maximum-concurrency-2": "breaks",
      "sqs-reserved": "breaks",
      "limiter-token-bucket": "breaks",
    },
  },
  {
    name: "50 events a second need no throttle for 100/s",
    why: "what arrives is half of what the limit lets through",
    question: { limit: "100/s", spike: spike(50, 20), workMs: work(100) },
    needsNoThrottle: true,
    families: { "sns-direct": "keeps" },
  },
];

/** Rate, work and limit: the concurrency that is needed, or that there is none. */
export const byTheory: readonly Known[] = [
  {
    name: "5/s and 1 s of work: five at a time",
    why: "c × 1 ≤ 5, and 600 × 1.1 / 5 = 132 s are soon enough for anybody",
    question: { limit: "5/s", spike: spike(40, 15), workMs: work(1_000) },
    families: {
      "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [3, 5] } },
      "sqs-reserved": "keeps",
    },
  },
  {
    name: "2/s and 2 s of work: two at a time, though four are under way at the limit's pace",
    why: "L × w = 4 by Little's law, but the four begin together when the spike does, in one window",
    question: { limit: "2/s", spike: spike(20, 30), workMs: work(2_000) },
    families: {
      "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [2, 2] } },
      "sqs-reserved": "keeps",
    },
  },
  {
    name: "5/s and 0.5 s of work: two at a time",
    why: "⌈0.9 / 0.5⌉ = 2 calls each: 2 × 2 ≤ 5 < 3 × 2",
    question: { limit: "5/s", spike: spike(50, 10), workMs: work(500) },
    families: {
      "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [2, 2] } },
      "sqs-reserved": "keeps",
    },
  },
  {
    name: "20/s and 2 to 3 s of work: twenty at a time for sure, and not forty",
    why: "of forty 40 × 0.9 / 2.6 = 14 ± 3 begin in a window, more than 20 in one of forty windows; of thirty in one of 20,000",
    question: { limit: "20/s", spike: spike(100, 10), workMs: work(2_000, 3_000) },
    families: { "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [10, 32] } }, "sns-direct": "breaks" },
    luck: 1.6,
  },
  {
    name: "30 a minute and 3 s of work: one at a time, or as many more as each is held for longer",
    why: "one makes 60 / 3 = 20 a minute, two 40, and two that are held for 4 s 30",
    question: { limit: "30/m", spike: spike(10, 30), workMs: work(3_000) },
    families: {
      "fifo-one-group": "keeps",
      "sqs-reserved": "keeps",
      "maximum-concurrency-2": { keepsOnlyWith: { HoldMs: [3_900, none] } },
      "sns-direct": "breaks",
    },
  },
  {
    name: "60 a minute, 5 s of work and 15 min to wait: four or five at a time",
    why: "one makes 12 a minute, so at most 5; 600 × 5.1 / c − 60 ≤ 900 s from c = 3.2 on",
    question: { limit: "60/m", spike: spike(10, 60), workMs: work(5_000), maxWaitMs: 15 * minute },
    families: {
      "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [4, 5] } },
      "sqs-reserved": "keeps",
    },
  },
  {
    name: "1000 events each 10 min are too many for 1/s, whatever stands between",
    why: "600 calls go through in 600 s, so that 400 more wait with each spike; 1000 / 600 = 1.67/s, or a spike each 1000 s, would do",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(1_000), everyMs: 10 * minute },
    winner: "nothing",
    remedies: { limit: [1.6, 2.5], every: [990_000, 1_500_000] },
  },
  {
    name: "1000 events each 30 min go through 1/s one at a time",
    why: "1000 × 1.1 s = 18 min",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(1_000), everyMs: 30 * minute },
    families: { ...atLeastTwo, "fifo-one-group": "keeps", "limiter-token-bucket": "keeps" },
  },
  {
    name: "an account of ten executions can reserve none of them, and holds with a maximum concurrency",
    why: "AWS leaves 100 unreserved; 10 × 1 call in 0.9 s is far below 50/s",
    question: { limit: "50/s", spike: spike(60, 20), workMs: work(1_000), accountConcurrency: 10 },
    families: {
      "sqs-reserved": "breaks",
      "sns-reserved-1": "breaks",
      "maximum-concurrency-2": "keeps",
    },
    mostConcurrency: 10,
  },
  {
    name: "20 events a second need no throttle for 60/s, however long a call takes",
    why: "calls begin as events come; how many are under way decides nothing of a rate",
    question: { limit: "60/s", spike: spike(20, 30), workMs: work(1_000) },
    needsNoThrottle: true,
    families: { "sns-direct": "keeps" },
  },
  {
    name: "where one call of ten fails, an event needs five receives at least",
    why: "200 events × 0.1^4 lose one in 50 runs, × 0.1^5 in 500; and 2/s with 1 s of work is two at a time",
    question: { limit: "2/s", spike: spike(10, 20), workMs: work(1_000), failureRate: 0.1 },
    families: { "maximum-concurrency-2": { keepsWith: { MaximumConcurrency: [2, 2], MaxReceiveCount: [5, 1_000] } } },
  },
  {
    name: "no way works 30 spikes of 1000 s for a cent",
    why: "30,000 s × 0.125 GB × 0.0000133 USD = 0.05 USD in Lambda's smallest memory, whatever comes before it",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(1_000), budgetDollars: 0.01 },
    winner: "nothing",
    remedies: { budget: [0.04, 0.5] },
  },
];

/** The right answer is a limiter, a guarantee, or that there is none. */
export const others: readonly Known[] = [
  {
    name: "a limiter, where two at a time are too slow and three begin too many calls",
    why: "600 × 2.1 / 2 − 30 = 600 s > 420 s; a limiter lets 600 through in 300 s",
    question: { limit: "2/s", spike: spike(20, 30), workMs: work(2_000), maxWaitMs: 7 * minute },
    winner: limiters,
    families: {
      ...atLeastTwo,
      "fifo-one-group": "breaks",
      "sqs-reserved": "breaks",
      "single-instance-held": "breaks",
      "scheduled-pull": "breaks",
      "limiter-token-bucket": "keeps",
    },
  },
  {
    name: "a limiter or a hold, where one at a time is too fast",
    why: "c = 1 makes 1 / 0.6 = 1.7 calls/s: two in a window",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(500) },
    families: {
      ...atLeastTwo,
      "fifo-one-group": { keepsOnlyWith: { HoldMs: [800, none] } },
      "sqs-reserved": { keepsOnlyWith: { HoldMs: [800, none] } },
      "limiter-token-bucket": "keeps",
      "single-instance-held": { keepsWith: { HoldMs: [800, none] } },
    },
  },
  {
    name: "one group of a FIFO queue or one shard, where all events have one order",
    why: "whatever works two at once, or receives from a standard queue, lets one overtake another; 300 × 1.2 s are nobody's limit",
    question: { limit: "2/s", spike: spike(10, 30), workMs: work(1_000, 1_200), order: { within: "all" } },
    winner: [...fifoQueues, "kinesis-one-shard", "kinesis-two-shards"],
    families: {
      ...atLeastTwo,
      "fifo-one-group": "keeps",
      "kinesis-one-shard": "keeps",
      "sns-to-kinesis": "breaks",
      "sqs-reserved": "breaks",
      "limiter-token-bucket": "breaks",
      "api-destination": "breaks",
    },
  },
  {
    name: "a FIFO queue, where no event may be worked twice",
    why: "SNS, standard queues, streams and buses deliver at least once",
    question: { limit: "1/s", spike: spike(50, 20), workMs: work(1_000), duplicatesTolerated: false },
    winner: fifoQueues,
    families: { "fifo-one-group": "keeps", "sqs-reserved": "breaks", "kinesis-one-shard": "breaks" },
  },
  {
    name: "nothing, where the limit alone keeps events longer than they may wait",
    why: "1500 / 5 − 30 = 270 s > 120 s; 1500 / 150 s = 10/s would do",
    question: { limit: "5/s", spike: spike(50, 30), workMs: work(500), maxWaitMs: 2 * minute },
    winner: "nothing",
    remedies: { limit: [10, 14] },
  },
  {
    name: "nothing, where one order over all keeps events longer than they may wait, though the limit would not",
    why: "one at a time: 600 × 0.5 − 30 = 270 s > 120 s; 600 / 50 = 12 s",
    question: {
      limit: "50/s",
      spike: spike(20, 30),
      workMs: work(500),
      order: { within: "all" },
      maxWaitMs: 2 * minute,
    },
    winner: "nothing",
  },
];
