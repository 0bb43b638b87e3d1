/** A process that simulates once, and prints what that took: its peak memory is then that of this one simulation. */
import { simulated } from "./simulation.ts";
import { usageOf } from "./timing.ts";

const [name, events, ...set] = process.argv.slice(2);
let completed = 0;
const usage = await usageOf(async () => {
  completed = (await simulated(name!, { events: Number(events), set })).summary.eventsCompleted;
});
if (completed !== Number(events)) throw new Error(`${completed} of ${events} events were completed.`);
console.log(JSON.stringify(usage));
