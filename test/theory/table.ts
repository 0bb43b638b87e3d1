/** The table that holds the local model against queueing theory, point by point. The documents show it. */
import type { Random } from "../../src/emulator/kernel/random.ts";
import { waitAtOneServer, waitWithExponentialService, waitWithFixedService } from "./formulas.ts";
import { type Observed, type QueueingSystem, simulate, type Traffic } from "./queueing-system.ts";
import { agrees, type Estimate, relativeWidth } from "./statistics.ts";

const meanServiceMs = 1_000;

/** A service time's law: its letter, how to draw it, and the mean wait that theory gives it. */
interface Service {
  letter: string;
  draw(random: Random): number;
  formula: string;
  waitMs(servers: number, utilisation: number): number;
}

export const exponential: Service = {
  letter: "M",
  draw: (random) => random.exponential(meanServiceMs),
  formula: "Erlang C",
  waitMs: (servers, utilisation) => waitWithExponentialService(servers, utilisation, meanServiceMs),
};

export const fixed: Service = {
  letter: "D",
  draw: () => meanServiceMs,
  formula: "Crommelin",
  waitMs: (servers, utilisation) => waitWithFixedService(servers, utilisation, meanServiceMs),
};

/** A law at one server. All that Pollaczek and Khinchine need to know of it is its squared coefficient of variation. */
function general(letter: string, squaredVariation: number, draw: (random: Random) => number): Service {
  const waitMs = (_: number, utilisation: number) => waitAtOneServer(utilisation, meanServiceMs, squaredVariation);
  return { letter, draw, formula: "Pollaczek-Khinchine", waitMs };
}

const sigma = 0.5;
export const lognormal = general("lognormal", Math.exp(sigma ** 2) - 1, (random) =>
  random.lognormal(meanServiceMs * Math.exp(-(sigma ** 2) / 2), sigma),
);

/** Exponential times: half of the messages have half the mean, and the others one and a half of it. */
export const hyperexponential = general("hyperexponential", 1.5, (random) =>
  random.exponential(meanServiceMs * (random.fraction() < 0.5 ? 0.5 : 1.5)),
);

export interface Point {
  service: Service;
  servers: number;
  utilisation: number;
  /** Enough messages to make the interval of the mean wait narrow. */
  messages: number;
}

export const points: Point[] = [
  { service: exponential, servers: 1, utilisation: 0.3, messages: 16_000 },
  { service: exponential, servers: 1, utilisation: 0.5, messages: 14_000 },
  { service: exponential, servers: 1, utilisation: 0.7, messages: 50_000 },
  { service: exponential, servers: 2, utilisation: 0.5, messages: 30_000 },
  { service: exponential, servers: 2, utilisation: 0.7, messages: 42_000 },
  { service: exponential, servers: 5, utilisation: 0.7, messages: 65_000 },
  { service: fixed, servers: 1, utilisation: 0.3, messages: 5_000 },
  { service: fixed, servers: 1, utilisation: 0.5, messages: 7_000 },
  { service: fixed, servers: 1, utilisation: 0.9, messages: 190_000 },
  { service: fixed, servers: 2, utilisation: 0.7, messages: 18_000 },
  { service: fixed, servers: 5, utilisation: 0.8, messages: 45_000 },
  { service: fixed, servers: 20, utilisation: 0.8, messages: 140_000 },
  { service: lognormal, servers: 1, utilisation: 0.6, messages: 12_000 },
  { service: hyperexponential, servers: 1, utilisation: 0.5, messages: 16_000 },
];

export interface TheoryRow extends Point, Observed {
  expectedWaitMs: number;
  /** The number in the system that follows from the expected wait by Little's law. */
  expectedInSystem: number;
}

/** Simulates a point with draws of its own. `differs` plants a fault in the system, which theory is not told of. */
export async function theoryRow(
  point: Point,
  differs: Partial<QueueingSystem & Pick<Traffic, "service" | "messages">> = {},
): Promise<TheoryRow> {
  const { service, servers, utilisation, messages } = point;
  const observed = await simulate(
    { servers, seed: points.indexOf(point) + 1, ...differs },
    { utilisation, meanServiceMs, messages, service: service.draw, ...differs },
  );
  const expectedWaitMs = service.waitMs(servers, utilisation);
  const arrivalsPerMs = (servers * utilisation) / meanServiceMs;
  return {
    ...point,
    ...observed,
    expectedWaitMs,
    expectedInSystem: arrivalsPerMs * (expectedWaitMs + meanServiceMs),
  };
}

/** Every point of the table, one after the other: some ten seconds of work. */
export async function theoryTable(): Promise<TheoryRow[]> {
  const rows: TheoryRow[] = [];
  for (const point of points) rows.push(await theoryRow(point));
  return rows;
}

/**
 * Names each figure of the row that disagrees with theory or is too uncertain to tell.
 * `widestInterval`: the most that half the 99.9% interval of the mean wait may be, as a share of the mean.
 */
export function faultsOf(row: TheoryRow, widestInterval = 0.25): string[] {
  return [
    ...(agrees(row.waitMs, row.expectedWaitMs) ? [] : ["mean wait"]),
    ...(agrees(row.inSystem, row.expectedInSystem) ? [] : ["number in system"]),
    ...(agrees(row.busyShare, row.utilisation) ? [] : ["utilisation"]),
    ...(relativeWidth(row.waitMs) <= widestInterval ? [] : ["interval too wide"]),
  ];
}

/** The table in Markdown; times in seconds, which are mean service times. */
export function renderTheory(rows: readonly TheoryRow[]): string {
  const within = ({ mean, halfWidth }: Estimate, digits: number, scale = 1) =>
    `${(mean / scale).toFixed(digits)} ± ${(halfWidth / scale).toFixed(digits)}`;
  const cells = rows.map((row) => [
    `M/${row.service.letter}/${row.servers}`,
    String(row.servers),
    String(row.utilisation),
    within(row.waitMs, 3, 1_000),
    `${(row.expectedWaitMs / 1_000).toFixed(3)} (${row.service.formula})`,
    within(row.inSystem, 2),
    row.expectedInSystem.toFixed(2),
    within(row.busyShare, 3),
  ]);
  const head = [
    "system",
    "c",
    "ρ",
    "mean wait, simulated (s)",
    "formula (s)",
    "mean number in system, simulated",
    "by Little's law",
    "utilisation, simulated",
  ];
  return [head, head.map(() => "---"), ...cells].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
