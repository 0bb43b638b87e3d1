/** A provisioned poller gives its slots their turns to receive, at its pace. */
import { describe, expect, it } from "vitest";
import type { ReceivedMessage } from "../../../src/emulator/account.ts";
import { ProvisionedPoller } from "../../../src/emulator/lambda/mappings/provisioned-poller.ts";

const constants = { "mapping.pollerReceivesPerSecond": 10, "mapping.pollerBytesPerSecond": 1_000 };
const messages = (...bodies: string[]) => bodies.map((body) => ({ body }) as ReceivedMessage);

/** Slots that write down how they go on, and take their turn at once. */
function aPoller() {
  const poller = new ProvisionedPoller<ReturnType<typeof slot>>(3, 500, constants);
  const log: string[] = [];
  const slot = (name: string, records = 0) => ({
    name,
    batch: { records: new Array(records).fill(0) },
    gather(): void {
      log.push(`${name} goes on`);
      poller.askedBy(this);
    },
    poll(): void {
      log.push(`${name} begins`);
    },
  });
  return { poller, log, slot };
}

describe("a provisioned poller", () => {
  it("lets one slot receive at a time, and the others in turn, of which one goes on with its batch", () => {
    const { poller, log, slot } = aPoller();
    const [a, b, c, d] = [slot("a"), slot("b"), slot("c", 1), slot("d", 1)];
    expect(poller.askedBy(a)).toBe(Number.NEGATIVE_INFINITY);
    expect(poller.askedBy(a)).toBe(Number.NEGATIVE_INFINITY);
    expect([poller.askedBy(b), poller.askedBy(c), poller.askedBy(d)]).toEqual([null, null, null]);
    poller.passTurn();
    expect(log).toEqual([]);
    poller.noteReceived([], 600);
    poller.passTurn();
    // The second began anew without asking, and the third took the turn.
    expect(log).toEqual(["b begins", "c goes on"]);
    expect(poller.askedBy(c)).toBe(Number.NEGATIVE_INFINITY);
    poller.noteReceived([], 600);
    poller.passTurn();
    expect(log).toEqual(["b begins", "c goes on", "d goes on"]);
  });

  it("begins no more receives a second than it may, and none before its bytes are through", () => {
    const { poller, slot } = aPoller();
    const a = slot("a");
    const receive = (now: number, ...bodies: string[]) => {
      poller.askedBy(a);
      poller.noteReceiveBegun(now);
      poller.noteReceived(messages(...bodies), now);
      return poller.askedBy(a);
    };
    expect(receive(1_000)).toBe(1_100);
    expect(receive(2_000, "x")).toBe(2_100);
    // 300 bytes in all, of which an umlaut has two.
    expect(receive(3_000, "x".repeat(100), "ä".repeat(100))).toBe(3_300);
  });

  it("knows when it last received something, which is when it was made before it has", () => {
    const { poller } = aPoller();
    expect([poller.place, poller.receivedAt]).toEqual([3, 500]);
    poller.noteReceived([], 700);
    expect(poller.receivedAt).toBe(500);
    poller.noteReceived(messages("x"), 800);
    expect(poller.receivedAt).toBe(800);
  });

  it("loses a slot, and tells whether that had the turn", () => {
    const { poller, slot } = aPoller();
    const [a, b] = [slot("a"), slot("b")];
    poller.slots = 2;
    poller.askedBy(a);
    expect([poller.leave(b), poller.slots]).toEqual([false, 1]);
    expect([poller.leave(a), poller.slots]).toEqual([true, 0]);
    expect(poller.askedBy(b)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("drops those that wait and the one that has the turn", () => {
    const { poller, log, slot } = aPoller();
    const [a, b, c] = [slot("a"), slot("b"), slot("c")];
    for (const each of [a, b, c]) poller.askedBy(each);
    expect(poller.dropWaiting()).toEqual([b, c, a]);
    expect(poller.dropWaiting()).toEqual([]);
    poller.passTurn();
    expect(log).toEqual([]);
    expect(poller.askedBy(b)).toBe(Number.NEGATIVE_INFINITY);
  });
});
