/** Settings and numbers that are called as something that every object has are names like any other. */
import { expect, it } from "vitest";
import { isOff } from "../../../src/metrics/downstream.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { anAssumption, aRecord } from "../records/a-record.ts";

const inherited = ["constructor", "toString", "hasOwnProperty", "__proto__"];

it.each(inherited)("%s", (name) => {
  expect(isOff(name, { [name]: "0" })).toBe(false);
  expect(() => settingsOf(findScenario("scenario-4"), [`${name}=1`])).toThrow(
    new RegExp(`scenario-4 has no setting ${name}; (it has |did you mean )`),
  );
  const assumptions = [anAssumption({ name, decided: 1 })];
  const record = aRecord({ assumptions, settings: Object.fromEntries([[name, "1"]]) });
  const text = table([record], { columns: 80, colour: false, details: true });
  expect(text).toContain(name);
  expect(text).not.toMatch(/native code|\[object/);
});
