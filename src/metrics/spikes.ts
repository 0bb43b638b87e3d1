/** The spikes of a burst that comes several times: of each its events, and how many waited when the next began. */
import type { Details, SpikeFigures, Spikes } from "../model.ts";
import { staysOf } from "./backlog.ts";
import type { Events } from "./events.ts";

/** The events of a spike, as far as they are known. Times are infinite where no event left a row. */
interface Seen {
  beganAt: number;
  lastLeftAt: number;
  /** that left a row */
  events: number;
  completed: number;
  oldestWaitMs: number | null;
}

/** `events`: of all spikes together, each of which has its share of the ids, the first spike the first ones. */
export function spikeFigures(
  completed: Events,
  dead: Events,
  events: number,
  { count, everyMs }: Spikes,
): Details["spikes"] {
  const eventsEach = events / count;
  const spikes = Array.from(
    { length: count },
    (): Seen => ({ beganAt: Infinity, lastLeftAt: -Infinity, events: 0, completed: 0, oldestWaitMs: null }),
  );
  const of = (id: number) => spikes[Math.floor((id - 1) / eventsEach)];
  const { ids, sentAt, leftAt } = staysOf(completed, dead);
  for (let stay = 0; stay < ids.length; stay++) {
    const spike = of(ids[stay]!);
    if (spike === undefined) continue;
    spike.beganAt = Math.min(spike.beganAt, sentAt[stay]!);
    spike.lastLeftAt = Math.max(spike.lastLeftAt, leftAt[stay]!);
    spike.events++;
  }
  for (let event = 0; event < completed.ids.length; event++) {
    const spike = of(completed.ids[event]!);
    if (spike === undefined) continue;
    spike.completed++;
    spike.oldestWaitMs = Math.max(spike.oldestWaitMs ?? 0, completed.firstAt[event]! - completed.sentAt[event]!);
  }
  const first = spikes[0]!;
  let isWhole = true;
  let leftBy = -Infinity;
  const each = spikes.map((spike, index): SpikeFigures => {
    isWhole &&= spike.events === eventsEach;
    leftBy = Math.max(leftBy, spike.lastLeftAt);
    const nextAt = spikes[index + 1]?.beganAt ?? spike.beganAt + everyMs;
    // The events of later spikes are sent when the next begins, or after it.
    let waits = 0;
    for (let stay = 0; stay < ids.length; stay++) if (sentAt[stay]! < nextAt && leftAt[stay]! > nextAt) waits++;
    return {
      beganMs: known(spike.beganAt - first.beganAt),
      events: eventsEach,
      lost: eventsEach - spike.completed,
      oldestWaitMs: spike.oldestWaitMs,
      drainedMs: spike.events === eventsEach ? spike.lastLeftAt - spike.beganAt : null,
      waitingAtNext: Number.isFinite(nextAt) ? waits : null,
      spareMs: isWhole && waits === 0 ? known(nextAt - leftBy) : null,
    };
  });
  return { everyMs, each };
}

function known(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
