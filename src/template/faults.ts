/** Collects the faults of a template, so that one hides no other. */
import { type Places, placeOf, TemplateError, type TemplateFault, type TemplatePath } from "./template.ts";

export class Faults {
  readonly #found: TemplateFault[] = [];
  /** The nodes that could not be read. */
  readonly #broken: TemplatePath[] = [];
  /** The maps that lack a member which could not be read. */
  readonly #incomplete: TemplatePath[] = [];

  get all(): readonly TemplateFault[] {
    return this.#found;
  }

  /** `path` leads to what could not be read: nothing else is said of it, or of what is in it. The same fault counts once. */
  add(fault: TemplateFault, path: TemplatePath | null = null): void {
    const isKnown = this.#found.some(
      ({ message, place }) =>
        message === fault.message && place.line === fault.place.line && place.file === fault.place.file,
    );
    if (!isKnown) this.#found.push(fault);
    if (path !== null) this.#broken.push(path);
  }

  /** A fault of a node, unless the node, or one that holds it, is known to be wrong. */
  addAt(places: Places, path: TemplatePath, message: string): void {
    if (this.isBroken(path)) return;
    this.add({ message, place: placeOf({ places }, path) }, path);
  }

  /** A fault of a key: its map lacks a member, so that nothing is said of what the map itself lacks. */
  addOfKey(fault: TemplateFault, path: TemplatePath): void {
    this.add(fault);
    this.#incomplete.push(path);
  }

  /** True when something was wrong with the node, or with one that holds it. */
  isBroken(path: TemplatePath): boolean {
    return (
      this.#broken.some((broken) => broken.length <= path.length && leads(broken, path)) ||
      this.#incomplete.some((broken) => broken.length === path.length && leads(broken, path))
    );
  }

  /** @throws TemplateError with all faults */
  throwIfAny(): void {
    if (this.#found.length > 0) throw new TemplateError(this.#found);
  }
}

function leads(start: TemplatePath, path: TemplatePath): boolean {
  return start.every((key, index) => String(key) === String(path[index]));
}

/** The result of a reading; where nobody collects its faults, they are thrown together. @throws TemplateError */
export function collecting<T>(given: Faults | undefined, read: (faults: Faults) => T): T {
  const faults = given ?? new Faults();
  const result = read(faults);
  if (given === undefined) faults.throwIfAny();
  return result;
}
