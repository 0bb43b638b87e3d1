/** Settings, durations, rates, limits and numbers of the model, as somebody types them. */
import { burst, chosenBurst, eventsOfBurst } from "../../../src/cli/flags/burst.ts";
import { expectations } from "../../../src/cli/flags/expectations.ts";
import type { Flag } from "../../../src/cli/flags/flag.ts";
import { assume, model } from "../../../src/cli/flags/model.ts";
import { readParameters } from "../../../src/cli/flags/parameters.ts";
import { question } from "../../../src/cli/flags/question.ts";
import { namedCandidates, tried, triedSettings } from "../../../src/cli/flags/tried.ts";
import { checkedNumbers } from "../../../src/cli/running/assumptions.ts";
import { requireFaultless } from "../../../src/cli/running/faults.ts";
import { findScenario, shippedNames } from "../../../src/scenarios/catalogue.ts";
import { settingsIn, settingsOf } from "../../../src/scenarios/settings.ts";
import { numberNames } from "../../../src/targets/assumptions.ts";
import { hostileNames, mutatedText } from "./mutations.ts";
import { noOutcome, type Outcome, tryInput } from "./outcome.ts";
import { Random } from "./random.ts";

const flags = Object.entries({
  ...burst.flags,
  ...expectations.flags,
  ...question.flags,
  ...model.flags,
  tried,
}).flatMap(([name, flag]: [string, Flag]) => (flag.read ? [[`--${name}`, flag.read] as const] : []));

const typed =
  "1/s 30/m 0.5/s 50/s 3000/m max 0 1 -1 +1 1e3 1e309 0x10 00001 1.5 .5 5. 1,000 1_000 ١ 20s 300ms..2s 2s..1s 5m 6h 14d 15d 1% 101% 0.0001% $20 20USD any required per-group:10 per-group:0 latest published true false none NaN Infinity 9007199254740993 1/ms 1/0s 1//s all a=b a=b=c =b a= database.connectMs=20 sqs-reserved-1:BatchSize=1 [1] {} file:///nowhere".split(
    " ",
  );

/** A value as somebody types it: something that another flag takes, with a slip in it. */
function textOf(random: Random): string {
  const text = random.isOneIn(8) ? random.of(hostileNames) : random.of(typed);
  return random.isOneIn(3)
    ? text
    : random.isOneIn(20)
      ? text.repeat(2_000)
      : mutatedText(text, random).slice(0, 20_000);
}

export async function fuzzSettings(count: number, seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const outcome = noOutcome();
  const scenarios = shippedNames().map(findScenario);
  for (let number = 0; number < count; number++) {
    const text = textOf(random);
    const scenario = random.of(scenarios);
    const name = random.isOneIn(9) ? random.of(hostileNames) : random.of(settingsIn(scenario)).name;
    const what = random.below(6);
    const calls: Record<number, [input: string, call: () => unknown]> = {
      0: [
        `--set ${name}=${text}`,
        () => {
          const settings = settingsOf(scenario, [`${name}=${text}`]);
          if (random.isOneIn(5)) requireFaultless(scenario, settings, true);
        },
      ],
      1: [
        `--assume ${text}`,
        () => {
          const known = `${random.of(numberNames)}=${text}`;
          checkedNumbers({ given: [assume.read(random.isOneIn(2) ? known : text, "--assume")], configured: [] });
        },
      ],
      2: [`--parameters ${text}`, () => readParameters([text, `ParameterKey=${text},ParameterValue=${text}`])],
      3: [
        `--try ${text}`,
        () => namedCandidates([triedSettings(text, "--try")], scenarios, random.of([null, scenario])),
      ],
      4: [
        `a burst ${text}`,
        () => {
          const chosen = chosenBurst({
            set: [text],
            rate: burst.flags.rate.read(random.of(["50/s", "max", text]), "--rate"),
            ...(random.isOneIn(2) && { for: burst.flags.for.read(text, "--for") }),
            ...(random.isOneIn(2) && { every: burst.flags.every.read(text, "--every"), spikes: 3 }),
          });
          eventsOfBurst(chosen, 50);
        },
      ],
    };
    const [flag, read] = random.of(flags);
    const [input, call] = calls[what] ?? [`${flag} ${text}`, () => read(text, flag)];
    await tryInput(outcome, input.split(" ", 1)[0]!, input, call);
  }
  return outcome;
}
