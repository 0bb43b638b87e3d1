/** The start of the command: what a person waits for before, or beside, what was asked for. */
import { section } from "./section.ts";
import { figure } from "./table.ts";
import { measureInTurn, ratio, type Timing } from "./timing.ts";

interface Start {
  /** Makes the database, too. It is measured once, because a second one would not be the first. */
  firstRun: { wallMs: number; cpuMs: number };
  node: Timing;
  version: Timing;
  warmRun: Timing;
  versionPerNode: number;
  warmRunPerNode: number;
}

export const start = section<Start>({
  title: "Start: whole processes, one after the other",
  async measure({ repetitions }, workplace) {
    const { wallMs, cpuMs } = workplace.run(["scenario-4"]);
    const { node, version, warmRun } = await measureInTurn(repetitions, {
      node: () => workplace.node(["-e", "0"]),
      version: () => workplace.command(["--version"]),
      warmRun: () => workplace.run(["scenario-4"]),
    });
    return {
      firstRun: { wallMs, cpuMs },
      node,
      version,
      warmRun,
      versionPerNode: ratio(version, node, "cpuMs"),
      warmRunPerNode: ratio(warmRun, node, "cpuMs"),
    };
  },
  table({ firstRun, node, version, warmRun, versionPerNode, warmRunPerNode }) {
    const row = (what: string, { wallMs, cpuMs }: { wallMs: number; cpuMs: number }, perNode: number | null) => [
      what,
      figure(wallMs, "ms"),
      figure(cpuMs, "ms"),
      perNode === null ? "" : `${figure(perNode)} ×`,
    ];
    return {
      head: ["", "wall", "CPU", "CPU ÷ node -e 0"],
      rows: [
        row("node -e 0", node, null),
        row("throttle-bench --version", version, versionPerNode),
        row("throttle-bench run scenario-4", warmRun, warmRunPerNode),
        row("the same as the first run ever, which makes the database", firstRun, null),
      ],
    };
  },
});
