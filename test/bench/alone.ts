/** A process that simulates once, and prints what that took: its peak memory is then that of this one simulation. */
import { simulate } from "../../src/simulation/simulate.ts";
import { aSimulation } from "./simulation.ts";
import { usageOf } from "./timing.ts";

const [name, events, ...set] = process.argv.slice(2);
const simulation = aSimulation(name!, { events: Number(events), set });
let completed = 0;
const usage = await usageOf(async () => {
  completed = (await simulate(simulation)).summary.eventsCompleted;
});
if (completed !== Number(events)) throw new Error(`${completed} of ${events} events were completed.`);
console.log(JSON.stringify(usage));
