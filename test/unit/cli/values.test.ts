/** Values as they are typed: what each reading gives, and how it refuses the rest. */
import { describe, expect, it } from "vitest";
import {
  ageMs,
  awsRegion,
  durationMs,
  eventsPerSecond,
  httpUrl,
  oneOf,
  wholeNumber,
} from "../../../src/cli/flags/values.ts";

const hourMs = 3_600_000;

it.each([
  ["50/s", 50],
  ["50", 50],
  ["0.5/s", 0.5],
  ["0.25", 0.25],
  ["max", 0],
])("reads the pace %s as %d events a second", (typed, perSecond) => {
  expect(eventsPerSecond(typed, "--rate")).toBe(perSecond);
});

it.each([
  ["45m", 0.75 * hourMs],
  ["12h", 12 * hourMs],
  ["30d", 720 * hourMs],
])("reads the age %s as %d ms", (typed, ms) => {
  expect(ageMs(typed, "--older-than")).toBe(ms);
});

it.each([
  ["90s", 90_000],
  ["45m", 0.75 * hourMs],
  ["336h", 336 * hourMs],
])("reads the duration %s as %d ms", (typed, ms) => {
  expect(durationMs(typed, "--timeout")).toBe(ms);
});

it.each(["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-4"])("reads the region %s", (typed) => {
  expect(awsRegion(typed, "--region")).toBe(typed);
});

describe.each([
  ["a pace", eventsPerSecond, ["", "0", "0/s", "50/h", "-1", "1e3", "1/s/s"], "is no pace; give one such as 50/s"],
  ["an age", ageMs, ["", "12", "30s", "1w", "-1d", "month"], "is no age; give one such as 12h or 30d."],
  ["a duration", durationMs, ["", "90", "0s", "337h", "2d"], "is no time limit; give one such as 90s"],
  ["a whole number", wholeNumber(1, 9), ["", "0", "10", "1.5", "-1", " 3"], "give a whole number from 1 to 9."],
  ["one of two", oneOf(["2020", "2026"]), ["", "2019"], "is not known; give 2020 or 2026."],
  ["a region", awsRegion, ["", "x x", "nowhere", "eu-west", "EU-WEST-1"], "is no region; give one such as eu-west-1."],
  ["an address", httpUrl, ["", "here", "ftp://here"], "is no address; give one such as http://127.0.0.1:4566."],
] as const)("%s", (_what, read, typed, message) => {
  it.each(typed)("is not %j, and the refusal names the flag and the cure", (text) => {
    expect(() => read(text, "--flag")).toThrow(`--flag ${JSON.stringify(text)} `);
    expect(() => read(text, "--flag")).toThrow(message);
  });
});
