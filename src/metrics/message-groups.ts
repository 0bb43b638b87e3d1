/** The events of a run in their message groups. */
import { type MessageGrouping, messageGroupOf } from "../../infra/handlers/message-group.ts";
import type { Events } from "./events.ts";

export interface GroupedEvents extends Events {
  /** parallel to `ids`: from 0 to `groups` − 1 */
  groupOf: Int32Array;
  groups: number;
}

/** Without message groups all events are one. */
export function grouped(events: Events, grouping: MessageGrouping): GroupedEvents {
  const groups = Math.max(1, grouping.groups);
  const groupOf =
    groups === 1 ? new Int32Array(events.ids.length) : events.ids.map((id) => messageGroupOf(id, grouping)!);
  return { ...events, groupOf, groups };
}
