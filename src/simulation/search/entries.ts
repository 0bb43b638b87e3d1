/** The candidates of a search: ways with settings that could be deployed, each once. */
import type { Scenario, Settings } from "../../model.ts";
import { contractFaults } from "../../scenarios/contract.ts";
import { refusals } from "../../scenarios/refusals.ts";
import { settingsIn } from "../../scenarios/settings.ts";
import { outOfBounds, serviceDefaults } from "../../targets/service-rules.ts";
import { checkParameter } from "../../template/parameter.ts";
import type { Design } from "./designs.ts";
import { type Part, type Reading, readingOf } from "./reading.ts";

/** A candidate before it has an id. */
export interface Entry {
  scenario: Scenario;
  settings: Settings;
  reading: Reading;
  /** the parts that were decided; empty for a template as it is */
  design: Design;
  origin: "search" | "template" | "user";
  /** unique in a search: the scenario and its settings */
  key: string;
}

/** A way with the values that its template has by itself, and what these make of it. */
export interface OwnWay {
  scenario: Scenario;
  own: Settings;
  reading: Reading;
}

/** null: a setting has no default, so that the template is nothing by itself. */
export function ownWayOf(scenario: Scenario): OwnWay | null {
  const parameters = settingsIn(scenario);
  if (parameters.some((parameter) => parameter.default === undefined)) return null;
  const own = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default!]));
  return { scenario, own, reading: readingOf(scenario, own) };
}

/** The settings of a way with a design over its own. */
export function settingsWith({ own, reading }: OwnWay, design: Design): Settings {
  const named = Object.entries(design).map(([part, value]) => [reading.settings[part as Part], value] as const);
  return { ...own, ...Object.fromEntries(named.filter(([setting]) => setting !== undefined)) };
}

/** `settings`: of the way, whatever they come from. Whether they can be deployed is not asked here. */
export function entryOf(way: OwnWay, settings: Settings, design: Design, origin: Entry["origin"]): Entry {
  const { scenario } = way;
  const key = `${scenario.name} ${JSON.stringify(settings)}`;
  return { scenario, settings, reading: readingOf(scenario, settings), design, origin, key };
}

/** False where AWS, CloudFormation or the contract refuses it. */
export function isDeployable({ scenario, settings }: Entry): boolean {
  const parameters = settingsIn(scenario);
  if (parameters.some((parameter) => checkParameter(parameter, settings[parameter.name] ?? "") !== null)) return false;
  const faults = [
    ...contractFaults(scenario, settings),
    ...refusals(scenario, settings, serviceDefaults),
    ...outOfBounds(scenario, settings),
  ];
  return faults.length === 0;
}

/** The same candidate where the question asks something else: its parts that the question decides are others, and the rest stays. */
export function moved(entry: Entry, asked: Design): Entry {
  const { scenario, reading } = entry;
  const way: OwnWay = { scenario, own: entry.settings, reading };
  return entryOf(way, settingsWith(way, asked), { ...entry.design, ...asked }, entry.origin);
}
