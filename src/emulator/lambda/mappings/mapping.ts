/** An event source mapping, whatever it reads: its identity, its settings, and whether it is enabled. */
import type { Account, LambdaFunction } from "../../account.ts";
import type { CommonSettings } from "./settings.ts";

export abstract class EventSourceMapping<Settings extends CommonSettings = CommonSettings> {
  readonly uuid: string;
  readonly functionArn: string;
  #settings: Settings;
  #lastModifiedAt: number;
  #deleted = false;

  constructor(
    protected readonly account: Account,
    readonly eventSourceArn: string,
    protected readonly fn: LambdaFunction,
    settings: Settings,
  ) {
    this.uuid = account.kernel.random("mapping.ids").uuid();
    this.functionArn = fn.arn;
    this.#settings = settings;
    this.#lastModifiedAt = account.kernel.now;
  }

  get settings(): Readonly<Settings> {
    return this.#settings;
  }

  get state(): "Enabled" | "Disabled" {
    return this.#settings.enabled ? "Enabled" : "Disabled";
  }

  get lastModifiedAt(): number {
    return this.#lastModifiedAt;
  }

  /** @throws ServiceError when a value is out of Lambda's bounds; then nothing is changed. */
  configure(settings: Partial<Settings>): void {
    const wanted = { ...this.#settings, ...settings };
    this.check(wanted);
    this.#settings = wanted;
    this.#lastModifiedAt = this.account.kernel.now;
    if (wanted.enabled) this.start();
    else this.stop();
  }

  /** Stops reading; a batch that is with the function is finished. */
  delete(): void {
    this.#deleted = true;
    this.stop();
  }

  protected get active(): boolean {
    return this.#settings.enabled && !this.#deleted;
  }

  /** @throws ServiceError when a value is out of Lambda's bounds. */
  protected abstract check(settings: Settings): void;
  /** Begins to read, unless it does already or may not. */
  abstract start(): void;
  protected abstract stop(): void;
}
