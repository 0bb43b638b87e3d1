/** A service's functions, and the resources that are made of them. */
import { type Made, made, merged, type Written } from "./written.ts";

/** A function of the service, its variables followed. */
export interface ServiceFunction {
  /** its key in `functions` */
  name: string;
  written: Written;
  logicalId: string;
  /** as AWS knows it */
  functionName: string;
  /** what its events invoke */
  target: Made;
}

/** Resources by their logical IDs, in the order in which they are declared. */
export class Resources {
  readonly #byId = new Map<string, Written>();

  /** `at`: what in the user's file makes it. A second of the same logical ID is merged into the first. */
  add(
    at: Pick<Written, "place">,
    logicalId: string,
    type: string,
    properties: { [key: string]: Made | undefined },
    attributes: { [key: string]: Made | undefined } = {},
  ): void {
    this.merge(logicalId, made(at.place, { Type: type, ...attributes, Properties: properties }));
  }

  merge(logicalId: string, declaration: Written): void {
    this.#byId.set(logicalId, merged(this.#byId.get(logicalId), declaration));
  }

  replace(logicalId: string, declaration: Written): void {
    this.#byId.set(logicalId, declaration);
  }

  get(logicalId: string): Written | undefined {
    return this.#byId.get(logicalId);
  }

  all(): ReadonlyMap<string, Written> {
    return this.#byId;
  }
}
