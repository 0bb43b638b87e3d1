/** How many invocations at a time a queue's mapping wants: more while messages stay visible, fewer after throttles and errors, and when it is idle. */
import type { Constants } from "../../platforms/platforms.ts";

/** The shrink factor is that of so long a time. */
const shrinkPeriodMs = 15_000;
const onePercent = 0.01;
const tenPercent = 0.1;

/** A mapping sees this at a decision. A slot holds one batch: it is a poller, or one of those that a provisioned poller has. */
interface Sight {
  now: number;
  visibleMessages: number;
  /** The slots of pollers that have received something lately. */
  busySlots: number;
}

/** How a mapping may scale, in slots. */
export interface ScalingBounds {
  /** It has no fewer, whatever happens. */
  least: number;
  /** It has no fewer because of throttles and errors. */
  leastInTrouble: number;
  /** It has no fewer because it is idle. */
  leastWhenIdle: number;
  most: number;
  growthPerMinute: number;
}

/** `maximumConcurrency`: `ScalingConfig.MaximumConcurrency`; null: none. */
export function standardBounds(constants: Constants, maximumConcurrency: number | null): ScalingBounds {
  return {
    least: 0,
    leastInTrouble: constants["mapping.troubledPollers"],
    leastWhenIdle: constants[maximumConcurrency === null ? "mapping.idlePollers" : "mapping.initialPollers"],
    most: Math.min(constants["mapping.maximumPollers"], maximumConcurrency ?? Number.POSITIVE_INFINITY),
    growthPerMinute: constants["mapping.pollersPerMinute"],
  };
}

/** The provisioned mode. That throttles and errors leave the least number of pollers is assumed: it is what is paid for. */
export function provisionedBounds(constants: Constants, pollers: { minimum: number; maximum: number }): ScalingBounds {
  const slots = constants["mapping.invocationsPerPoller"];
  const least = pollers.minimum * slots;
  return {
    least,
    leastInTrouble: least,
    leastWhenIdle: least,
    most: pollers.maximum * slots,
    growthPerMinute: constants["mapping.provisionedPollersPerMinute"] * slots,
  };
}

/**
 * The most pollers that a mapping has while this share of its invocations fails: a power law through what was measured at 1% and at 10%.
 * No limit without errors.
 */
export function mostPollersWithErrors(
  failedShare: number,
  constants: Pick<Constants, "mapping.onePercentErrorPollers" | "mapping.tenPercentErrorPollers">,
): number {
  if (failedShare === 0) return Number.POSITIVE_INFINITY;
  const { "mapping.onePercentErrorPollers": atOne, "mapping.tenPercentErrorPollers": atTen } = constants;
  const power = Math.log(atOne / atTen) / Math.log(tenPercent / onePercent);
  return atTen * (tenPercent / failedShare) ** power;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export class PollerScaling {
  /** A fraction grows until it is one more. */
  #wanted: number;
  #lastThrottleAt = Number.NEGATIVE_INFINITY;
  /** The invocations that ended, and those of them that failed, since each of the last decisions; the look-back is all of them. */
  readonly #ended: Int32Array;
  readonly #failed: Int32Array;
  #latest = 0;
  #endedInAll = 0;
  #failedInAll = 0;

  constructor(
    private readonly constants: Constants,
    initialSlots: number,
  ) {
    this.#wanted = initialSlots;
    const { "mapping.scalingLookBackMs": lookBackMs, "mapping.scalingTickMs": tickMs } = constants;
    const decisions = Math.max(1, Math.ceil(lookBackMs / tickMs));
    this.#ended = new Int32Array(decisions);
    this.#failed = new Int32Array(decisions);
  }

  get wantedSlots(): number {
    return Math.floor(this.#wanted);
  }

  noteThrottle(now: number): void {
    this.#lastThrottleAt = now;
  }

  /** `isFailure`: it counts as an error of the function. */
  noteEnd(isFailure: boolean): void {
    this.#ended[this.#latest]!++;
    this.#endedInAll++;
    if (!isFailure) return;
    this.#failed[this.#latest]!++;
    this.#failedInAll++;
  }

  /**
   * To be called once every tick. Long polls take whatever is visible, so that visible messages mean that each poller is at a limit of its
   * own: its slots, or the pace of its receives.
   */
  decide(bounds: ScalingBounds, { now, visibleMessages, busySlots }: Sight): void {
    const { constants } = this;
    const { leastInTrouble } = bounds;
    const tickMs = constants["mapping.scalingTickMs"];
    const shrunk = this.#wanted * constants["mapping.shrinkFactor"] ** (tickMs / shrinkPeriodMs);
    const mostWithErrors = Math.max(leastInTrouble, mostPollersWithErrors(this.#failedShare, constants));
    if (now - this.#lastThrottleAt < constants["mapping.scalingLookBackMs"]) {
      this.#shrinkTo(Math.max(leastInTrouble, shrunk));
    } else if (this.#wanted > mostWithErrors) {
      this.#shrinkTo(Math.max(mostWithErrors, shrunk));
    } else if (visibleMessages > 0) {
      const grown = this.#wanted + (bounds.growthPerMinute * tickMs) / 60_000;
      this.#wanted = Math.min(bounds.most, mostWithErrors, grown);
    } else {
      this.#shrinkTo(Math.max(bounds.leastWhenIdle, busySlots));
    }
    this.#wanted = Math.max(bounds.least, this.#wanted);
    this.#forgetTheOldest();
  }

  get #failedShare(): number {
    return this.#failedInAll === 0 ? 0 : this.#failedInAll / this.#endedInAll;
  }

  #shrinkTo(pollers: number): void {
    this.#wanted = Math.min(this.#wanted, pollers);
  }

  #forgetTheOldest(): void {
    this.#latest = (this.#latest + 1) % this.#ended.length;
    this.#endedInAll -= this.#ended[this.#latest]!;
    this.#failedInAll -= this.#failed[this.#latest]!;
    this.#ended[this.#latest] = 0;
    this.#failed[this.#latest] = 0;
  }
}
