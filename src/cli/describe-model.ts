/** The numbers of the model, for people as a page, and for programs as plain data. */
import type { Model, NumberOrigin } from "../model.ts";
import { numberText } from "../reports/assumptions.ts";
import { wrap } from "../reports/text.ts";
import { type ModelNumber, modelNumbers } from "../targets/assumptions.ts";

/** Each number with its value, its origin, and what is known of it. `none`: there is no such limit. */
export function numberFacts(model: Model) {
  return modelNumbers(model).map(({ name, value, unit, origin, range = null, confidence, source }) => ({
    name,
    value: written(value),
    unit,
    origin,
    range,
    confidence,
    source,
  }));
}

/** One paragraph for each number, by service. */
export function numbersPage(model: Model, columns: number): string {
  const numbers = modelNumbers(model);
  const title = `The numbers of the local model, AWS's limits of ${model.platform} (change one with --assume name=value)`;
  const serviceOf = ({ name }: ModelNumber) => name.split(".")[0]!;
  const parts = [...new Set(numbers.map(serviceOf))].map((service) => [
    service,
    ...numbers
      .filter((number) => serviceOf(number) === service)
      .flatMap((number) => numberLines(number, model, columns)),
  ]);
  return [wrap(title, columns), ...parts].map((lines) => lines.join("\n")).join("\n\n");
}

function numberLines(number: ModelNumber, model: Model, columns: number): string[] {
  const { name, value, unit, range, confidence, source, origin } = number;
  const known = [
    originWords(origin, model),
    range && `plausible: ${range[0]} to ${range[1]}`,
    origin === "platform" && confidence,
  ];
  const head = `${name} = ${numberText({ value: written(value), unit })} [${known.filter(Boolean).join("; ")}]`;
  return [
    ...wrap(head, columns - 2, "  ").map((line) => `  ${line}`),
    ...wrap(source, columns - 4).map((line) => `    ${line}`),
  ];
}

function originWords(origin: NumberOrigin, { platform, profile, seed }: Model): string {
  switch (origin) {
    case "given":
      return "by --assume";
    case "configuration":
      return "by the configuration file";
    case "drawn":
      return `drawn, seed ${seed}`;
    case "profile":
      return `of the profile ${profile!.name}`;
    case "platform":
      return `of the platform ${platform}`;
  }
}

function written(value: number): number | "none" {
  return value === Number.POSITIVE_INFINITY ? "none" : value;
}
