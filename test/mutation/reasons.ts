/** Why mutants are left that no test kills, by a part of their line, so that a reason stays with its line when others move it. */

interface Reason {
  file: string;
  /** A part of the line; empty: each line of the file that no other reason is for. */
  line: string;
  /** How the mutant's text begins; undefined: each mutant of the line. */
  to?: string;
  why: string;
}

const since = "a test was written for it since, and it was not tried again";
const stream = "equivalent: a stream of other random numbers of the same kind";
const shortcut = "equivalent: a shortcut; the long way gives the same";
const instant = "nobody sees which side an instant counts to at which the two times are equal";

const overwritten = "equivalent: each place is written before it is read";
const beyondEnd = "equivalent: the value beyond the end is undefined, and counts for nothing";
const memory = "it only gives memory back";

export const reasons: readonly Reason[] = [
  { file: "sqs/message-groups.ts", line: "[] = []", why: overwritten },
  { file: "sqs/message-groups.ts", line: "this.#forget(group)", to: "false", why: memory },
  { file: "sqs/message-groups.ts", line: "#forget(group: MessageGroup)", why: memory },
  {
    file: "sqs/message-groups.ts",
    line: "if (group.listedAs === arrival) return",
    why: "equivalent: a second record of a group is out of date once the first is taken",
  },
  { file: "messages.ts", line: "[] = []", why: overwritten },
  {
    file: "messages.ts",
    line: "[new VisibleMessages()]",
    why: "equivalent: what a partition needs is made as it is needed",
  },
  { file: "messages.ts", line: "hasAny(messageAttributes)", why: memory },
  { file: "messages.ts", line: '"free"', to: '""', why: "equivalent: what is no state is written as 0, which is free" },
  {
    file: "messages.ts",
    line: "if (atTheBack)",
    why: "no page says how the messages of a noisy tenant stand among themselves",
  },
  { file: "messages.ts", line: "partition + count", why: "equivalent: a partition that is empty is asked again" },
  { file: "messages.ts", line: "this.#attributes.size === 0", why: shortcut },
  { file: "fifo-queue.ts", line: "[] = []", why: overwritten },
  { file: "fifo-queue.ts", line: "slot !== nowhere &&", why: "equivalent: no message is in no state" },
  {
    file: "fifo-queue.ts",
    line: "fifoOtherRegionsHighThroughputCallsPerSecond",
    why: "the tests' accounts are all in us-east-1",
  },
  { file: "partitions.ts", line: "random(", why: stream },
  { file: "partitions.ts", line: "this.#count === 1", why: shortcut },
  { file: "receipts.ts", line: "isOf(messages: Messages)", why: "equivalent: the handle finds the same message" },
  { file: "receipts.ts", line: "this.messages === messages", why: "equivalent: the handle finds the same message" },
  { file: "queue.ts", line: "kernel.random(", why: stream },
  { file: "queue.ts", line: "kernel.alarms(", why: "equivalent: how alarms are stored, which makes equal waits quick" },
  {
    file: "queue.ts",
    line: 'if (state === "inFlight") this.#visibilityTimeouts',
    why: "equivalent: both kinds of alarms show the message again; one is quicker for equal waits",
  },
  { file: "queue.ts", line: "slot === nowhere", why: shortcut },
  { file: "queue.ts", line: "this.#waiters.size > 0", why: shortcut },
  { file: "queue.ts", line: "receipt instanceof Received", why: "equivalent: the handle finds the same message" },
  { file: "queue.ts", line: "this.#earliestSentAt > expired", why: shortcut },
  { file: "queue.ts", line: "exec(receiptHandle) ?? []", to: '["', why: "equivalent: its second place is empty, too" },
  {
    file: "resources.ts",
    line: "updated?.configure",
    why: "an update of a queue that somebody has deleted does nothing",
  },
  { file: "tenants.ts", line: "get isGone()", why: memory },
  { file: "tenants.ts", line: "this.visible + this.inFlight", to: "false", why: memory },
  { file: "tenants.ts", line: "this.#isLooking", why: "equivalent: it looks on, and finds nobody" },
  { file: "tenants.ts", line: "this.#noisy.size > 0", why: shortcut },
  { file: "tenants.ts", line: "tenant.isGone && tenant.line === null", why: memory },
  { file: "tenants.ts", line: "sqs.noisyQuietMs", why: instant },
  { file: "tenants.ts", line: "sqs.noisyDetectionMs", why: instant },
  { file: "tenants.ts", line: "sqs.noisyProcessingMs", why: instant },
  {
    file: "tenants.ts",
    line: "this.messages.show(slot, true)",
    why: "no page says where they stand when the noise is over",
  },
  { file: "tenants.ts", line: "tenant.visible === 0", why: shortcut },
  { file: "sqs/api.ts", line: 'All: ""', why: "equivalent: only the names are asked for" },
  { file: "sqs/api.ts", line: 'admit("ReceiveMessage")', why: "equivalent: no other operation counts with it" },
  { file: "sqs/api.ts", line: '() => ""', why: "ten such texts are far from the limit of a batch" },
  { file: "sqs/api.ts", line: 'BinaryValue ?? ""', why: "an attribute without a value is refused before" },
  { file: "mapping.ts", line: "random(", why: stream },
  {
    file: "queue-settings.ts",
    line: "batchingWindowMs / 1_000",
    why: "equivalent: windows are whole seconds, and 1 is the bound",
  },
  {
    file: "poller-scaling.ts",
    line: "failedShare === 0",
    why: "equivalent: the power law of no errors is infinite, too",
  },
  {
    file: "poller-scaling.ts",
    line: "> mostWithErrors",
    why: "equivalent: both branches leave as many slots as errors allow",
  },
  {
    file: "poller-waits.ts",
    line: "fewMeasuredSlots ||",
    to: "slots < few",
    why: "equivalent: the power law gives the same at its first point",
  },
  { file: "queue-batch.ts", line: "this.records.length === 0 ||", why: shortcut },
  { file: "queue-mapping.ts", line: "kernel.random(", why: stream },
  {
    file: "queue-mapping.ts",
    line: "this.#provisioned.length <",
    why: "equivalent: one more is made, and gets no slots",
  },
  { file: "queue-mapping.ts", line: "if (!this.active || this.#scalingTimer)", why: since },
  { file: "queue-mapping.ts", line: "this.#scalingTimer?.cancel()", why: since },
  { file: "queue-mapping.ts", line: "const { receivedAt }", why: since },
  { file: "queue-mapping.ts", line: "shared.place >= ", why: since },
  { file: "queue-mapping.ts", line: "get size()", why: since },
  { file: "queue-mapping.ts", line: "receivedAt > idleFrom", to: "receivedAt >= ", why: instant },
  { file: "queue-mapping.ts", line: "receivedAt > idleFrom", why: since },
  { file: "queue-mapping.ts", line: "idleSince > idleFrom", why: instant },
  {
    file: "stream-mapping.ts",
    line: "#isBehind = false;",
    to: "true",
    why: "equivalent before the first read; it has a test by now after a refused one",
  },
  {
    file: "stream-mapping.ts",
    line: "records.length > 0",
    why: "equivalent: a window that is begun anew ends when it did",
  },
  { file: "stream-mapping.ts", line: "this.#lanes.length === 1", why: shortcut },
  {
    file: "stream-mapping.ts",
    line: 'startingPosition !== "AT_TIMESTAMP"',
    why: "equivalent: the other positions have no timestamp",
  },
  { file: "stream-lane.ts", line: "random(", why: stream },
  { file: "stream-lane.ts", line: "this.#taken > 1_000", why: "equivalent: it only says when memory is given back" },
  {
    file: "stream-lane.ts",
    line: "bytes > constants",
    to: "bytes >=",
    why: "equivalent: the bytes are a bound from above, not a size",
  },
  { file: "stream-lane.ts", line: "arrivedAt > oldest", why: instant },
  { file: "stream-lane.ts", line: "firstYoung < 0", to: "firstYoung <= 0", why: "equivalent: 0 has returned before" },
  { file: "stream-lane.ts", line: "firstYoung > 0", to: "firstYoung >= 0", why: "equivalent: 0 has returned before" },
  {
    file: "stream-lane.ts",
    line: 'kind === "error" ? "error"',
    to: '""',
    why: "equivalent: any text but `error` says the same",
  },
  { file: "poller.ts", line: '"poll"', to: '""', why: "equivalent: whatever is no other step is a poll" },
  { file: "poller.ts", line: "surplus.visibleAgainAt >", why: instant },
  { file: "poller.ts", line: "retryAt >= visibleAgainAt", why: instant },
  { file: "poller.ts", line: "failed.size === 0 ||", why: shortcut },
  {
    file: "poller.ts",
    line: "if (refusal instanceof ServiceError) return false",
    why: "equivalent: nothing else is thrown there",
  },
  {
    file: "stream-mapping.ts",
    line: "instanceof ServiceError)) throw",
    why: "equivalent: nothing else is thrown there",
  },
  { file: "stream-settings.ts", line: "maximumRetryAttempts ?? -1", why: "equivalent: 1 is within the bounds, too" },
  { file: "stream-settings.ts", line: "onFailureArn === null", why: "equivalent: an answer leaves out what is null" },
  { file: "stream-settings.ts", line: "is required when", why: "the words of a refusal" },
  { file: "metrics/backlog.ts", line: "event < dead.ids.length", why: beyondEnd },
  { file: "metrics/details.ts", line: "index < dead.length", why: beyondEnd },
  { file: "metrics/details.ts", line: "event < waits.length", why: beyondEnd },
  { file: "metrics/events.ts", line: "index < length; index++", why: beyondEnd },
  { file: "metrics/flow.ts", line: "index < column.length", why: beyondEnd },
  { file: "metrics/flow.ts", line: "step < mostSteps", why: beyondEnd },
  { file: "metrics/group-figures.ts", line: "row < completed.length", why: beyondEnd },
  { file: "metrics/order.ts", line: "index < byCompletion.length", why: beyondEnd },
  { file: "metrics/order.ts", line: "event = ids.length - 1", why: beyondEnd },
  { file: "metrics/sorting.ts", line: "index < times.length", why: shortcut },
  { file: "metrics/sorting.ts", line: "index < count", why: shortcut },
  { file: "metrics/sorting.ts", line: "place < count", why: beyondEnd },
  { file: "metrics/spikes.ts", line: "stay < ids.length", why: beyondEnd },
  { file: "metrics/spikes.ts", line: "event < completed.ids.length", why: beyondEnd },
  { file: "metrics/summary.ts", line: "index < length; index++", why: beyondEnd },
  { file: "metrics/events.ts", line: "const guess =", why: shortcut },
  { file: "metrics/events.ts", line: "ids[guess] === id", why: shortcut },
  { file: "metrics/events.ts", line: "let high =", why: "equivalent: no id lies beyond the end" },
  {
    file: "metrics/limit.ts",
    line: "let latest = -1",
    why: "equivalent: the first call lies in second 0, which then begins",
  },
  {
    file: "metrics/limit.ts",
    line: "oldest < newest &&",
    why: "equivalent: a window is longer than 0, because --limit-tolerance is refused at the unit's length",
  },
  {
    file: "metrics/limit.ts",
    line: "const atLeast = peaks",
    why: "equivalent: windows of the kept lengths are answered exactly before",
  },
  {
    file: "metrics/limit.ts",
    line: "const atMost = peaks",
    why: "equivalent: windows of the kept lengths are answered exactly before",
  },
  {
    file: "metrics/limit.ts",
    line: "const isShorter",
    why: "equivalent: windows of the kept lengths are answered exactly before",
  },
  {
    file: "metrics/limit.ts",
    line: "const isLonger",
    why: "equivalent: windows of the kept lengths are answered exactly before",
  },
  { file: "metrics/message-groups.ts", line: "groups === 1 ?", why: shortcut },
  { file: "metrics/group-figures.ts", line: "all.length <= mostListed", why: shortcut },
  { file: "metrics/order.ts", line: "const isInOrder", why: shortcut },
  { file: "metrics/statistics.ts", line: "new Array<number>", why: overwritten },
  {
    file: "metrics/timeline.ts",
    line: "running === 0",
    why: "equivalent: a stretch in which nothing runs raises no maximum",
  },
  { file: "metrics/sorting.ts", line: "times[index - 1]! <=", to: "true", why: shortcut },
  {
    file: "metrics/statistics.ts",
    line: "new Float64Array(total + 1)",
    why: "equivalent: no choice has the sum of all",
  },
  {
    file: "metrics/statistics.ts",
    line: "s = rank; s <= total",
    to: "s < total",
    why: "equivalent: no choice has the sum of all",
  },
  {
    file: "metrics/statistics.ts",
    line: "s = rank; s <= total",
    to: "more[s]! -=",
    why: "equivalent: the signs cancel in the share",
  },
];
