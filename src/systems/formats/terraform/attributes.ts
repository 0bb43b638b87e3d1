/** The arguments of one instance: each with its value, whether that is known, and what is written for it. */
import { isMap, type TemplatePath, type TemplateValue } from "../../../template/template.ts";
import type { Instance } from "./instances.ts";

/** An argument, or a block, of an instance. */
export class Attribute {
  private constructor(
    readonly instance: Instance,
    /** from the instance's values */
    readonly keys: TemplatePath,
    /** undefined: it is not set, or not known */
    readonly value: TemplateValue | undefined,
    private readonly unknown: TemplateValue | undefined,
    /** as `configuration` has it; undefined: it is not written there */
    readonly expression: TemplateValue | undefined,
  ) {}

  static ofInstance(instance: Instance): Attribute {
    const { values, unknown, configuration } = instance;
    return new Attribute(instance, [], values, unknown, configuration?.expressions);
  }

  /** Such as `aws_sqs_queue.orders.redrive_policy`. */
  get address(): string {
    return [this.instance.address, ...this.keys].join(".");
  }

  /** to the value in the file */
  get path(): TemplatePath {
    return [...this.instance.path, ...this.keys];
  }

  get text(): string | undefined {
    return typeof this.value === "string" && this.value !== "" ? this.value : undefined;
  }

  get isUnknown(): boolean {
    return this.value === undefined && this.unknown === true;
  }

  /** True for a value that somebody gave, and that is known only after it is applied. Those that AWS makes up itself do not count. */
  get isAwaited(): boolean {
    const isGiven = this.expression !== undefined || this.keys.length > 1;
    return this.isUnknown && isGiven;
  }

  /** True when the files say nothing of it, so that the provider filled it in. What dynamic blocks make is in no `configuration`. */
  get isFilledIn(): boolean {
    const { configuration } = this.instance;
    return this.keys.length === 1 && configuration !== null && this.expression === undefined;
  }

  at(key: string): Attribute {
    return new Attribute(
      this.instance,
      [...this.keys, key],
      isMap(this.value) ? this.value[key] : undefined,
      isMap(this.unknown) ? this.unknown[key] : this.unknown === true ? true : undefined,
      isMap(this.expression) ? this.expression[key] : undefined,
    );
  }

  /** The blocks of this name. */
  get blocks(): Attribute[] {
    const known = Array.isArray(this.value) ? this.value : isMap(this.value) ? [this.value] : [];
    const count = known.length === 0 && this.isAwaited ? 1 : known.length;
    return Array.from({ length: count }, (_, index) => {
      const item = (list: TemplateValue | undefined) => (Array.isArray(list) ? list[index] : list);
      return new Attribute(
        this.instance,
        [...this.keys, index],
        known[index],
        item(this.unknown),
        item(this.expression),
      );
    });
  }
}
