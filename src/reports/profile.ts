/** The profile of an account as a table: each number beside the platform's, then the undecided ones. */
import picocolors from "picocolors";
import type { AccountProfile } from "../model.ts";
import { columnsOver } from "./document.ts";
import type { Options } from "./format.ts";
import { widestThatFits } from "./media/grid.ts";
import { joined, wrap } from "./text.ts";

export function profileTable(
  profile: AccountProfile,
  { columns, colour }: Pick<Options, "columns" | "colour">,
): string {
  const colours = picocolors.createColors(colour);
  const { name, platform, endpoint, probes, undecided } = profile;
  const heading = [
    name,
    `fitted to ${probes.length} ${probes.length === 1 ? "probe" : "probes"}`,
    `the rest is of platform ${platform}`,
  ];
  const runs = probes.map(({ probe, runId, startedAt }) => `${probe} ${runId} (${startedAt.slice(0, 10)})`);
  const column = columnsOver(Object.entries(profile.constants));
  const names = column("number", ([constant]) => constant, true);
  const own = column("account", ([, { value }]) => String(value));
  const platforms = column("platform", ([, { platformValue }]) => String(platformValue));
  const interval = column("95% interval", ([, { interval }]) => interval.join(" – "));
  const probe = column("probe", ([, constant]) => constant.probe, true);
  const observations = column("seen", ([, constant]) => String(constant.observations));
  return [
    ...joined(heading, columns).map(colours.bold),
    ...(endpoint === null
      ? []
      : wrap(`! Measured at ${endpoint}, not at AWS's own endpoints.`, columns, "  ").map(colours.yellow)),
    ...wrap(`Probes: ${runs.join(", ")}`, columns, "  ").map(colours.dim),
    widestThatFits(
      [
        [names, platforms, own, interval, probe, observations],
        [names, platforms, own, interval],
        [names, own, interval],
        [names, own],
      ],
      columns,
      colours,
    ),
    ...undecidedLines(undecided, columns),
  ].join("\n");
}

/** Numbers that are undecided for the same reason stand together. */
function undecidedLines(undecided: Record<string, string>, columns: number): string[] {
  const names = new Map<string, string[]>();
  for (const [name, reason] of Object.entries(undecided)) names.set(reason, [...(names.get(reason) ?? []), name]);
  if (names.size === 0) return [];
  return [
    "Not decided; the platform's number stays:",
    ...[...names].flatMap(([reason, them]) => wrap(`- ${them.join(", ")}: ${reason}`, columns, "  ")),
  ];
}
