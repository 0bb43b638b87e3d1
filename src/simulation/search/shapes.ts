/** Ways that are one template but for their own settings: they are searched together, and each candidate belongs to the nearest of them. */
import type { Scenario, Settings } from "../../model.ts";
import { type OwnWay, ownWayOf } from "./entries.ts";

/** Groups the ways by what they deploy, in the order given. A way with a setting that has no default is left out. */
export function shapesOf(ways: readonly Scenario[]): OwnWay[][] {
  const shapes = new Map<string, OwnWay[]>();
  for (const scenario of ways) {
    const way = ownWayOf(scenario);
    if (way === null) continue;
    const key = structureOf(scenario) + kindsOf(scenario);
    shapes.set(key, [...(shapes.get(key) ?? []), way]);
  }
  return [...shapes.values()];
}

/** The way of a shape whose own settings are nearest to these; of two the earlier. A way that holds its events is none without a hold. */
export function nearestWay(shape: readonly OwnWay[], settings: Settings): OwnWay {
  const alike = shape.filter((way) => holds(way, way.own) === holds(way, settings));
  const ways = alike.length > 0 ? alike : shape;
  const differing = Object.keys(settings).filter((name) => new Set(ways.map(({ own }) => own[name])).size > 1);
  const distances = ways.map(({ own }) =>
    differing.reduce((sum, name) => sum + distance(own[name]!, settings[name]!), 0),
  );
  return ways[distances.indexOf(Math.min(...distances))]!;
}

function holds({ reading }: OwnWay, settings: Settings): boolean {
  return Number(settings[reading.settings.hold ?? ""] ?? 0) > 0;
}

function structureOf({ template }: Scenario): string {
  const resources = template.resources.map(({ logicalId, type, condition, properties }) => ({
    logicalId,
    type,
    condition,
    properties,
  }));
  const parameters = template.parameters.map(({ name, type, minValue, maxValue, allowedPattern, allowedValues }) => ({
    name,
    type,
    minValue,
    maxValue,
    allowedPattern,
    allowedValues,
  }));
  return JSON.stringify([
    resources,
    parameters,
    template.conditions,
    template.mappings,
    template.outputs.map(({ name, value }) => [name, value]),
  ]);
}

/** A setting that chooses among named things makes another way of it: a token bucket is no reservation. */
function kindsOf({ template }: Scenario): string {
  const kinds = template.parameters.filter(
    ({ type, allowedValues }) => type === "String" && allowedValues?.every(isKind),
  );
  return JSON.stringify(kinds.map((parameter) => parameter.default));
}

function isKind(value: string): boolean {
  return value !== "true" && value !== "false" && Number.isNaN(Number(value));
}

/** By orders of magnitude for numbers; from nothing to something is as far as from one thing to another. */
function distance(one: string, other: string): number {
  if (one === other) return 0;
  const [left, right] = [Number(one), Number(other)];
  if (Number.isNaN(left) || Number.isNaN(right) || left === 0 || right === 0) return 2;
  return Math.abs(Math.log2(left / right));
}
