/** Virtual time: how much faster than AWS the model is. */
import type { RunRecord } from "../../src/model.ts";
import { section } from "./section.ts";
import { simulated } from "./simulation.ts";
import { figure } from "./table.ts";
import { measureInTurn, type Timing, usageOf } from "./timing.ts";

interface VirtualTime {
  /** From the first event that was sent to the last row. */
  virtualSeconds: number | null;
  command: Timing;
  alone: Timing;
  /** Virtual seconds for each second of wall time. */
  speed: { command: number | null; alone: number | null };
}

export const virtualTime = section<VirtualTime>({
  title: "Scenario-2: virtual time ÷ wall time",
  async measure({ repetitions }, workplace) {
    const records: RunRecord[] = [];
    const { command, alone } = await measureInTurn(repetitions, {
      command: () => {
        const ended = workplace.run(["scenario-2"]);
        records.push(ended.record);
        return ended;
      },
      alone: () => usageOf(() => simulated("scenario-2")),
    });
    const virtualSeconds = records[0]!.summary.timeTakenSeconds;
    const speedOf = ({ wallMs }: Timing) => (virtualSeconds === null ? null : (1_000 * virtualSeconds) / wallMs);
    return { virtualSeconds, command, alone, speed: { command: speedOf(command), alone: speedOf(alone) } };
  },
  table({ virtualSeconds, command, alone, speed }) {
    const row = (what: string, { wallMs, cpuMs }: Timing, times: number | null) => [
      what,
      figure(virtualSeconds, "s"),
      figure(wallMs, "ms"),
      figure(cpuMs, "ms"),
      `${figure(times)} ×`,
    ];
    return {
      head: ["", "virtual", "wall", "CPU", "virtual ÷ wall"],
      rows: [
        row("throttle-bench run scenario-2", command, speed.command),
        row("the model alone, in a process that is warm", alone, speed.alone),
      ],
    };
  },
});
