/** Runs several things side by side, as far as there is room for what they take. */

/** The room for runs in one place. */
export interface Room {
  /** so many runs at once */
  runs: number;
  /** concurrency that their functions may reserve together */
  reservable: number;
}

export const oneAtATime: Room = { runs: 1, reservable: Number.POSITIVE_INFINITY };

export interface Work<Item, End> {
  reserved(item: Item): number;
  /** Never rejects. */
  run(item: Item): Promise<End>;
  /** Is told of each end, in the order in which they come. After "stop" nothing more is begun, and what runs comes to its end. */
  ended(end: End, item: Item): "go on" | "stop";
  /** Is told once of an item that has to wait for room, with what could be reserved at that moment. */
  waits(item: Item, reservable: number): void;
}

/**
 * Begins the items in their order, but one for which there is room before one that has to wait. When nothing else runs, the first is
 * begun in any case: then what it takes is between it and the account. Resolves when all that was begun has ended.
 */
export async function sideBySide<Item, End>(
  items: readonly Item[],
  { runs, reservable }: Room,
  { reserved, run, ended, waits }: Work<Item, End>,
): Promise<void> {
  const left = [...items];
  const told = new Set<Item>();
  const running = new Map<Item, Promise<{ item: Item; end: End }>>();
  const free = () => [...running.keys()].reduce((sum, item) => sum - reserved(item), reservable);
  const begin = () => {
    while (running.size < runs) {
      const item = left.find((one) => running.size === 0 || reserved(one) <= free());
      if (item === undefined) break;
      left.splice(left.indexOf(item), 1);
      running.set(
        item,
        run(item).then((end) => ({ item, end })),
      );
    }
    if (running.size >= runs) return;
    for (const item of left.filter((one) => !told.has(one))) {
      told.add(item);
      waits(item, free());
    }
  };
  for (begin(); running.size > 0; begin()) {
    const { item, end } = await Promise.race(running.values());
    running.delete(item);
    if (ended(end, item) === "stop") left.length = 0;
  }
}
