/** Simulations: how many whole ones, of the kind that a search makes by the thousand, one and two workers make in a second. */
import { Simulators } from "../../src/simulation/workers.ts";
import { eventsOfSimulation, type Plan } from "./plan.ts";
import { section } from "./section.ts";
import { aPlan, aVariation } from "./simulation.ts";
import { figure } from "./table.ts";
import { measureInTurn, ratio, type Timing, type Usage, usageOf } from "./timing.ts";

interface OfWorkers {
  workers: number;
  /** Once the workers are warm. */
  steady: Timing;
  perSecond: number;
  /** How long the first result takes, with the start of the workers. */
  firstResultMs: number;
}

interface Simulations {
  events: number;
  /** Simulations that are measured at a time. */
  simulations: number;
  one: OfWorkers;
  two: OfWorkers;
  /** Time on one worker ÷ time on two. */
  speedUp: number;
  /** Memory of the process after all of them ÷ after each has been measured once; near 1: it is flat. */
  memoryGrowth: number;
}

/** Simulations of each worker until it is warm. */
const warmUp = 60;

export const simulations = section<Simulations>({
  title: `Simulations of scenario-4, ${eventsOfSimulation.toLocaleString("en")} events each`,
  async measure({ simulations: count, repetitions }: Plan) {
    const pools = { one: new Pool(1), two: new Pool(2) };
    try {
      for (const pool of [pools.one, pools.two]) await pool.simulate(Math.min(count, warmUp) * pool.workers);
      const memory: number[] = [];
      const { one, two } = await measureInTurn<"one" | "two">(repetitions, {
        one: () => pools.one.measure(count),
        two: async () => {
          const usage = await pools.two.measure(count);
          memory.push(process.memoryUsage.rss());
          return usage;
        },
      });
      const result = (steady: Timing, { workers, firstResultMs }: Pool): OfWorkers => ({
        workers,
        steady,
        perSecond: (1_000 * count) / steady.wallMs,
        firstResultMs,
      });
      return {
        events: eventsOfSimulation,
        simulations: count,
        one: result(one, pools.one),
        two: result(two, pools.two),
        speedUp: ratio(one, two, "wallMs"),
        memoryGrowth: memory.at(-1)! / memory[0]!,
      };
    } finally {
      await Promise.all([pools.one.close(), pools.two.close()]);
    }
  },
  table({ simulations: count, one, two, speedUp, memoryGrowth }) {
    const row = ({ workers, steady, perSecond, firstResultMs }: OfWorkers) => [
      workers === 1 ? "one worker" : `${workers} workers`,
      figure(perSecond),
      figure(steady.cpuMs / count, "ms"),
      figure(10_000 / perSecond, "s"),
      figure(firstResultMs, "ms"),
    ];
    return {
      head: ["", "per second", "CPU of each", "10,000 would take", "first result, with the start"],
      rows: [
        row(one),
        row(two),
        ["time on one ÷ time on two", `${figure(speedUp)} ×`, "", "", ""],
        ["memory at the end ÷ after the first of each", `${figure(memoryGrowth)} ×`, "", "", ""],
      ],
    };
  },
});

/** Workers that stay, so that they are warm. */
class Pool {
  firstResultMs = Number.NaN;
  readonly #simulators: Simulators;

  constructor(readonly workers: number) {
    this.#simulators = new Simulators(workers);
  }

  /** Simulates `count` times, each by a seed of its own. */
  async simulate(count: number): Promise<void> {
    const start = performance.now();
    const plan = aPlan("scenario-4");
    const variations = Array.from({ length: count }, (_, index) => aVariation(plan, { seed: index + 1 }));
    for await (const { summary } of this.#simulators.figures(plan, variations)) {
      if (summary.eventsMissing > 0) throw new Error(`${summary.eventsMissing} events are missing.`);
      if (Number.isNaN(this.firstResultMs)) this.firstResultMs = performance.now() - start;
    }
  }

  measure(count: number): Promise<Usage> {
    return usageOf(() => this.simulate(count));
  }

  close(): Promise<void> {
    return this.#simulators.close();
  }
}
