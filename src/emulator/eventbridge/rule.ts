/** A rule: what comes on a bus and matches a pattern, or what a schedule makes, goes to its targets. */
import type { Account, EventBus } from "../account.ts";
import type { Timer } from "../kernel/timers.ts";
import type { ApiDestination } from "./api-destination.ts";
import { type BusEvent, eventTime } from "./event.ts";
import { type RuleMetrics, ruleMetrics } from "./metrics.ts";
import { matches, type Pattern } from "./pattern.ts";
import { Target, type TargetSettings } from "./target.ts";

export interface RuleSettings {
  /** null: it takes no event. */
  pattern: Pattern | null;
  /** As the template has it; null: it runs by no schedule. */
  schedule: { expression: string; periodMs: number } | null;
  isEnabled: boolean;
  targets: readonly TargetSettings[];
}

export class Rule {
  readonly arn: string;
  readonly targets: readonly Target[];
  readonly #metrics: RuleMetrics;
  #timer: Timer | null = null;

  constructor(
    private readonly account: Account,
    readonly bus: EventBus & { isDefault: boolean },
    readonly name: string,
    readonly settings: RuleSettings,
    destination: (arn: string) => ApiDestination | undefined,
  ) {
    const { region, accountId, kernel } = account;
    const path = bus.isDefault ? name : `${bus.name}/${name}`;
    this.arn = `arn:aws:events:${region}:${accountId}:rule/${path}`;
    this.#metrics = ruleMetrics(account, name, bus.isDefault ? null : bus.name);
    this.targets = settings.targets.map((target) => new Target(account, this, this.#metrics, target, destination));
    const { schedule, isEnabled } = settings;
    if (schedule !== null && isEnabled) {
      const firstMs = schedule.periodMs * account.constants["eventbridge.scheduleFirstShare"];
      this.#runAt(kernel.now + firstMs, schedule.periodMs);
    }
  }

  take(event: BusEvent): void {
    const { pattern, isEnabled } = this.settings;
    if (!isEnabled || pattern === null || !matches(pattern, event)) return;
    this.#metrics.matched.add(1);
    this.#trigger(event);
  }

  delete(): void {
    this.#timer?.cancel();
    for (const target of this.targets) target.close();
  }

  #trigger(event: BusEvent): void {
    this.#metrics.triggered.add(1);
    for (const target of this.targets) target.accept(event);
  }

  #runAt(dueAt: number, periodMs: number): void {
    const { kernel, constants, accountId, region } = this.account;
    const random = kernel.random("eventbridge.schedules");
    const lateMs = random.between(0, constants["eventbridge.scheduleLatenessMs"]);
    this.#timer = kernel.at(dueAt + lateMs, () => {
      this.#runAt(dueAt + periodMs, periodMs);
      this.#trigger({
        version: "0",
        id: random.uuid(),
        "detail-type": "Scheduled Event",
        source: "aws.events",
        account: accountId,
        time: eventTime(kernel.now),
        region,
        resources: [this.arn],
        detail: {},
      });
    });
  }
}
