/** One event of a function or a state machine, as the template has it. */
import type { Expansion } from "./expansion.ts";
import { Written } from "./written.ts";

/** One entry of `Events`. */
export class Event {
  readonly properties: Written;

  constructor(
    /** in the template */
    readonly name: string,
    /** as SAM names what it makes of it */
    readonly logicalId: string,
    readonly type: string,
    readonly written: Written,
  ) {
    this.properties = written.get("Properties") ?? Written.of({}, written.place);
  }

  get place() {
    return this.written.place;
  }

  /** Refuses an event that lacks a property. */
  require(property: string, expansion: Expansion): void {
    if (this.properties.isMap && this.properties.get(property) === undefined) {
      expansion.refuse(this, `the ${this.type} event ${this.name} lacks ${property}; add it`);
    }
  }
}
