/** All that is given to the program as input, by kind, with what tries it. */
import { fuzzEnvelopes } from "./envelopes.ts";
import { fuzzFiles } from "./files.ts";
import type { Outcome } from "./outcome.ts";
import { fuzzRecords } from "./records.ts";
import { fuzzSettings } from "./settings.ts";
import { fuzzTemplates } from "./templates.ts";

export interface Kind {
  fuzz(count: number, seed: number): Promise<Outcome>;
  /** inputs of a run of the ordinary tests, of a short run, and of a long one */
  quick: number;
  short: number;
  long: number;
}

export const kinds: Readonly<Record<string, Kind>> = {
  "settings and other values that are typed": { fuzz: fuzzSettings, quick: 150, short: 2_000, long: 14_000 },
  "files of configuration, questions, parameters, prices and profiles": {
    fuzz: fuzzFiles,
    quick: 100,
    short: 1_000,
    long: 10_000,
  },
  "records and journals": { fuzz: fuzzRecords, quick: 10, short: 120, long: 4_000 },
  "events as the handlers get them": { fuzz: fuzzEnvelopes, quick: 300, short: 3_000, long: 16_000 },
  "templates of every format": { fuzz: fuzzTemplates, quick: 15, short: 150, long: 6_000 },
};
