/** Chooses the cells of a sweep: every combination of the values that its flags list, checked before any is simulated. */
import { BenchError } from "../../errors.ts";
import { expectationsOf, type GivenExpectations } from "../../metrics/expectations.ts";
import type { Scenario, Settings } from "../../model.ts";
import { isShipped } from "../../scenarios/catalogue.ts";
import { contractFaults } from "../../scenarios/contract.ts";
import { refuseFaults } from "../../scenarios/fault.ts";
import { refusals } from "../../scenarios/refusals.ts";
import { settingsIn, settingsOf } from "../../scenarios/settings.ts";
import { combinationsOf, sizeOf, valuesOf } from "../../simulation/sweep/grid.ts";
import type { Axis, Cell } from "../../simulation/sweep/sweep.ts";
import { publishRate } from "../../steps/shards.ts";
import { outOfBounds, serviceDefaults } from "../../targets/service-rules.ts";
import { burst, chosenBurst, eventsOfBurst } from "../flags/burst.ts";
import { requireWindow } from "../flags/expectations.ts";
import type { GivenNumbers } from "../flags/model.ts";
import { badUsage } from "../flags/values.ts";
import { checkedNumbers } from "./assumptions.ts";
import { checkSpikes } from "./requests.ts";

/** More cells are no map that anybody reads. */
const mostCells = 10_000;
/** Some hours on two cores. */
const mostSimulations = 100_000;
const mostEvents = 1_000_000_000;

/** The flags of the burst that may have several values, and whether these are numbers. */
const burstFlags = { rate: false, events: true, for: false, every: false, spikes: true } as const;
type BurstFlag = keyof typeof burstFlags;

/** Lists of values, as they were typed. */
export interface TypedLists {
  /** `Name=list` */
  set: readonly string[];
  burst: Partial<Record<BurstFlag, string>>;
  numbers: GivenNumbers;
}

export interface Grid {
  /** those that vary */
  axes: Axis[];
  /** settings that were given one value */
  fixed: { name: string; value: string }[];
  cells: Cell[];
}

/**
 * Finds the cells, and says of each whether AWS would refuse it. `repeat`: simulations of each.
 * Throws `bad-usage`, `unknown-setting`, `bad-setting`, `bad-template`.
 */
export function chooseGrid(scenario: Scenario, typed: TypedLists, given: GivenExpectations, repeat: number): Grid {
  const all = axesOf(scenario, typed);
  const axes = all.filter(({ values }) => values.length > 1);
  if (axes.length === 0) {
    throw badUsage("Nothing is swept; give a list of values, such as --set VisibilityTimeout=30,60..300:60.");
  }
  requireSize(axes, repeat);
  const checked = new Map<string, string | null>();
  const cells = combinationsOf(all).map((chosen): Cell => {
    const pairs = (of: Axis["of"]) =>
      all.flatMap((axis, index) => (axis.of === of ? [{ name: axis.name, value: chosen[index]! }] : []));
    const { overrides, size, spikes } = chosenBurst({
      set: pairs("setting").map(({ name, value }) => `${name}=${value}`),
      ...burstOf(pairs("burst")),
    });
    const settings = settingsOf(scenario, overrides);
    const expected = { ...expectationsOf(given, settings, scenario), claims: null };
    requireWindow(expected);
    const events = eventsOfBurst({ size, spikes }, publishRate(settings));
    if (spikes !== undefined) checkSpikes(spikes, events, settings);
    const key = JSON.stringify(settings);
    const refusal = checked.has(key) ? checked.get(key)! : refusalOf(scenario, settings);
    checked.set(key, refusal);
    const values = chosen.filter((_, index) => all[index]!.values.length > 1);
    const { constants } = checkedNumbers({ given: pairs("number"), configured: [] });
    return { values, settings, events, ...(spikes && { spikes }), assumptions: constants, expected, refusal };
  });
  requireEvents(cells, repeat);
  const fixed = all.flatMap(({ of, name, values }) =>
    of === "setting" && values.length === 1 ? [{ name, value: values[0]! }] : [],
  );
  return { axes, fixed, cells };
}

/** Every list that was typed, also of one value. */
function axesOf(scenario: Scenario, { set, burst: ofFlags, numbers }: TypedLists): Axis[] {
  const settings = set.map((typed): Axis => settingAxis(scenario, typed));
  const ofBurst = Object.entries(burstFlags).flatMap(([name, isNumeric]): Axis[] => {
    const typed = ofFlags[name as BurstFlag];
    return typed === undefined ? [] : [{ of: "burst", name, values: valuesOf(typed, isNumeric, `--${name}`) }];
  });
  const ofNumbers = numbers.given.map(({ name, value }): Axis => {
    return { of: "number", name, values: valuesOf(value, true, `--assume ${name}=`) };
  });
  const all = [...settings, ...ofBurst, ...ofNumbers];
  const twice = all.find(({ of, name }, index) => all.findIndex((one) => one.of === of && one.name === name) < index);
  if (twice === undefined) return all;
  throw badUsage(`${twice.name} is given twice; write all its values in one list, such as ${twice.name}=1,2,5.`);
}

/** A list of CloudFormation's is one value, and so is a text that the setting takes as it is. */
function settingAxis(scenario: Scenario, typed: string): Axis {
  const [, name, list] = /^([^=]+)=(.*)$/s.exec(typed) ?? [];
  const parameter = settingsIn(scenario).find((one) => one.name === name);
  // Whoever reads a single override says what is wrong with this one.
  if (name === undefined || list === undefined || parameter === undefined) throw nameFault(scenario, typed);
  if (parameter.noEcho)
    throw badUsage(`${name} is a secret (NoEcho), and a sweep shows the values of its axes; vary another setting.`);
  const isOneValue = /^(CommaDelimitedList$|List<)/.test(parameter.type) || list === "";
  const values = isOneValue ? [list] : valuesOf(list, parameter.type === "Number", `--set ${name}=`);
  return { of: "setting", name, values };
}

function nameFault(scenario: Scenario, typed: string): BenchError {
  try {
    settingsOf(scenario, [typed]);
  } catch (error) {
    if (error instanceof BenchError) return error;
    throw error;
  }
  throw new Error(`${typed} is a setting after all.`);
}

/** The burst's flags with the values of one cell. */
function burstOf(pairs: readonly { name: string; value: string }[]): Parameters<typeof chosenBurst>[0] {
  const read = ({ name, value }: { name: string; value: string }) => [
    name,
    burst.flags[name as BurstFlag].read(value, `--${name}`),
  ];
  return Object.fromEntries(pairs.map(read));
}

/** Throws `bad-template` for what no run could measure. */
function refusalOf(scenario: Scenario, settings: Settings): string | null {
  refuseFaults(scenario, contractFaults(scenario, settings), isShipped(scenario));
  const [first] = [...refusals(scenario, settings, serviceDefaults), ...outOfBounds(scenario, settings)];
  return first === undefined ? null : `${first.message}.`;
}

function requireSize(axes: readonly Axis[], repeat: number): void {
  const cells = sizeOf(axes);
  const simulations = cells * repeat;
  const [what, most] = cells > mostCells ? [cells, mostCells] : [simulations, mostSimulations];
  if (what <= most) return;
  const counted = cells > mostCells ? "cells" : `simulations (${count(cells)} cells × ${repeat} seeds)`;
  throw badUsage(
    `That makes ${count(what)} ${counted}, and a sweep takes ${count(most)} at most; list fewer values, or --repeat less.`,
  );
}

function requireEvents(cells: readonly Cell[], repeat: number): void {
  const events = cells.reduce((sum, cell) => sum + cell.events, 0) * repeat;
  if (events <= mostEvents) return;
  throw badUsage(
    `That makes ${count(events)} events in all, and a sweep takes ${count(mostEvents)} at most; sweep smaller bursts, or fewer values.`,
  );
}

function count(value: number): string {
  return value.toLocaleString("en");
}
