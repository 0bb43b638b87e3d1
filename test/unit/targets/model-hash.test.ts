/** The hash of the model's numbers is the same for the same numbers, and another for every other number or range. */
import { expect, it } from "vitest";
import { modelHash } from "../../../src/targets/emulated-account.ts";
import { aProfile } from "../records/a-profile.ts";

it("is one for each set of numbers", () => {
  const profile = aProfile();
  const [name, known] = Object.entries(profile.constants)[0]!;
  const withConstant = (changed: Partial<typeof known>) => ({
    ...profile,
    constants: { ...profile.constants, [name]: { ...known, ...changed } },
  });
  const [low, high] = known.interval;
  const hashes = [
    modelHash({ platform: "2020" }),
    modelHash({ platform: "2026" }),
    modelHash({ platform: "2026", profile }),
    modelHash({ platform: "2026", profile: withConstant({ value: known.value + 1 }) }),
    modelHash({ platform: "2026", profile: withConstant({ interval: [low, high + 1] }) }),
    modelHash({ platform: "2026", constants: { "lambda.accountConcurrency": 10 } }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

it("does not depend on how a profile is called or when it was made", () => {
  const profile = aProfile();
  const renamed = { ...profile, name: "another", calibratedAt: "2026-12-01T00:00:00.000Z" };
  expect(modelHash({ platform: "2026", profile: renamed })).toBe(modelHash({ platform: "2026", profile }));
});
