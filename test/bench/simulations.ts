/** Simulations: how many whole ones, of the kind that a search makes by the thousand, one and two workers make in a second. */
import { simulateAll } from "../../src/simulation/workers.ts";
import { eventsOfSimulation, type Plan } from "./plan.ts";
import { section } from "./section.ts";
import { aSimulation } from "./simulation.ts";
import { figure } from "./table.ts";
import { measureInTurn, ratio, type Timing, type Usage } from "./timing.ts";

interface OfWorkers {
  workers: number;
  /** After the first fifth, with which the workers start and get warm. */
  steady: Timing;
  perSecond: number;
  /** How long the first result takes, with the start of the workers. */
  firstResultMs: number[];
  /** Memory of the process at the end ÷ after the first fifth; near 1: it is flat. */
  memoryGrowth: number[];
}

interface Simulations {
  events: number;
  /** Simulations that are measured at a time. */
  simulations: number;
  one: OfWorkers;
  two: OfWorkers;
  /** Time on one worker ÷ time on two. */
  speedUp: number;
}

export const simulations = section<Simulations>({
  title: `Simulations of scenario-4, ${eventsOfSimulation.toLocaleString("en")} events each`,
  async measure({ simulations: count, repetitions }: Plan) {
    const pools = { one: aPool(1, count), two: aPool(2, count) };
    const { one, two } = await measureInTurn(repetitions, { one: pools.one.measure, two: pools.two.measure });
    const steadyCount = count - warmUp(count);
    const result = (steady: Timing, { workers, firstResultMs, memoryGrowth }: Pool): OfWorkers => ({
      workers,
      steady,
      perSecond: (1_000 * steadyCount) / steady.wallMs,
      firstResultMs,
      memoryGrowth,
    });
    return {
      events: eventsOfSimulation,
      simulations: steadyCount,
      one: result(one, pools.one),
      two: result(two, pools.two),
      speedUp: ratio(one, two, "wallMs"),
    };
  },
  table({ simulations: count, one, two, speedUp }) {
    const row = ({ workers, steady, perSecond, memoryGrowth }: OfWorkers) => [
      workers === 1 ? "one worker" : `${workers} workers`,
      figure(perSecond),
      figure(steady.cpuMs / count, "ms"),
      figure(10_000 / perSecond, "s"),
      `${figure(Math.max(...memoryGrowth))} ×`,
    ];
    return {
      head: ["", "per second", "CPU of each", "10,000 would take", "memory at the end ÷ at a fifth"],
      rows: [row(one), row(two), ["time on one ÷ time on two", `${figure(speedUp)} ×`, "", "", ""]],
    };
  },
});

interface Pool {
  workers: number;
  firstResultMs: number[];
  memoryGrowth: number[];
  measure(): Promise<Usage>;
}

/** `measure` makes `count` simulations, each by a seed of its own, in threads that are started for them. */
function aPool(workers: number, count: number): Pool {
  const all = Array.from({ length: count }, (_, index) => aSimulation("scenario-4", { seed: index + 1 }));
  const pool: Pool = {
    workers,
    firstResultMs: [],
    memoryGrowth: [],
    async measure() {
      const start = performance.now();
      let warm = { at: start, cpu: process.cpuUsage(), rss: process.memoryUsage.rss() };
      await simulateAll(
        all,
        (done) => {
          if (done === 1) pool.firstResultMs.push(performance.now() - start);
          if (done !== warmUp(count)) return;
          warm = { at: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage.rss() };
        },
        undefined,
        workers,
      );
      const { user, system } = process.cpuUsage(warm.cpu);
      pool.memoryGrowth.push(process.memoryUsage.rss() / warm.rss);
      return { wallMs: performance.now() - warm.at, cpuMs: (user + system) / 1_000 };
    },
  };
  return pool;
}

/** Simulations that are made before the measurement begins. */
function warmUp(count: number): number {
  return count === 1 ? 0 : Math.ceil(count / 5);
}
