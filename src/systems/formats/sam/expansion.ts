/** A SAM template while it is expanded, resource by resource. */
import { type Place, TemplateError, type TemplateResource } from "../../../template/template.ts";
import type { FilledIn, Unread } from "../../system.ts";
import { type Parts, Written } from "./written.ts";

/** One resource of the template, or made by SAM. */
export interface Made {
  logicalId: string;
  type: string;
  properties: Written;
  /** name of the condition under which it is created, where that is not known to hold */
  condition: string | null;
  dependsOn: string[];
  place: Place;
  /** null: made by SAM */
  declaration: TemplateResource["declaration"] | null;
}

/** A SAM resource with its properties as they are known. */
export type SamResource = Made & { declaration: TemplateResource["declaration"] };

export interface SamFault {
  place: Place;
  message: string;
}

/** A function, the alias that its events go to, or a state machine. */
export interface Invoked {
  kind: "function" | "state machine";
  condition: string | null;
  /** as a mapping names it */
  name: Parts;
  arn: Parts;
}

export class Expansion {
  readonly faults: SamFault[] = [];
  readonly unread: Unread[] = [];
  readonly filledIn: FilledIn[] = [];
  readonly #made = new Map<string, Made>();

  /** by what a template calls them, such as `Worker.Alias`, the logical IDs of resources that SAM makes */
  readonly references = new Map<string, string>();

  /** The template's own resources come first, so that events can add to them. */
  declare(made: Made): void {
    this.#made.set(made.logicalId, made);
  }

  resource(logicalId: string | null): Made | undefined {
    return logicalId === null ? undefined : this.#made.get(logicalId);
  }

  /** Makes a resource; one of the same name is replaced, and keeps its turn. */
  make(
    logicalId: string,
    type: string,
    at: Place,
    properties: { [key: string]: Parts },
    condition: string | null = null,
  ): void {
    const written = Written.of(properties, at);
    this.declare({ logicalId, type, properties: written, condition, dependsOn: [], place: at, declaration: null });
  }

  /** Replaces a SAM resource by what it is in CloudFormation. */
  replace(
    { logicalId, condition, dependsOn, place, declaration }: SamResource,
    type: string,
    properties: Written,
  ): void {
    this.declare({ logicalId, type, properties, condition, dependsOn, place, declaration });
  }

  remove(logicalId: string): void {
    this.#made.delete(logicalId);
  }

  /** Says that SAM writes a property that nobody wrote; `source`: the page that says so. */
  fillIn(logicalId: string, properties: readonly string[], source: string): void {
    for (const property of properties) {
      this.filledIn.push({ path: ["Resources", logicalId, "Properties", property], by: "SAM", source });
    }
  }

  refuse({ place }: { place: Place }, message: string): void {
    this.faults.push({ place, message });
  }

  get resources(): Made[] {
    return [...this.#made.values()];
  }

  /** @throws TemplateError with every fault and its line */
  refuseFaults(): void {
    if (this.faults.length > 0) throw new TemplateError(this.faults);
  }
}
