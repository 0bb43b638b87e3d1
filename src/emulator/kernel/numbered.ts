/** Things by small numbers, for which alarms are set. A number is given out again when its thing is gone. */
export class Numbered<T extends object> {
  readonly #things: (T | null)[] = [];
  readonly #free: number[] = [];

  /** The number that the thing has until it is taken out. */
  add(thing: T): number {
    const number = this.#free.pop();
    if (number === undefined) return this.#things.push(thing) - 1;
    this.#things[number] = thing;
    return number;
  }

  /** null: the number is nobody's. */
  get(number: number): T | null {
    return this.#things[number] ?? null;
  }

  /** The number has to be somebody's. */
  take(number: number): T {
    const thing = this.#things[number]!;
    this.#things[number] = null;
    this.#free.push(number);
    return thing;
  }
}
