/** The page of what a few bad events do to the others, which is made of many simulations. */
import { beforeAll, expect, it } from "vitest";
import { renderDisturbances, type WayDisturbed, waysDisturbed } from "../docs/disturbances.ts";
import { read, sections, withSection } from "../docs/sections.ts";

let ways: WayDisturbed[];

beforeAll(async () => {
  ways = await waysDisturbed();
}, 1_200_000);

it("is written as the model has it; `npm run docs:slow` writes it", async () => {
  const section = { ...sections.find(({ name }) => name === "disturbances")!, text: () => renderDisturbances(ways) };
  const document = read(section.file);
  expect(await withSection(document, section)).toBe(document);
});

it("shows that poison costs the healthy events no loss where a limiter or a high visibility timeout keeps them", () => {
  for (const name of ["limiter-token-bucket", "limiter-reservation", "scenario-4"])
    expect(ways.find(({ scenario }) => scenario.name === name)!.outcomes.poison).toMatchObject({ lost: 0 });
});

it("shows that slow events are lost where the function's timeout does not hold their work", () => {
  const of = (name: string) => ways.find(({ scenario }) => scenario.name === name)!.outcomes.slow!;
  expect(of("scenario-4")).toMatchObject({ lost: 12, lostSlow: 12 });
  expect(of("limiter-token-bucket")).toMatchObject({ lost: 0 });
});
