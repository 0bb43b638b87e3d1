/** Who simulates: the flag of every verb whose simulations are many. */
import type { FlagGroup } from "./flag.ts";
import { wholeNumber } from "./values.ts";

export const workers = {
  title: "Simulations",
  flags: {
    workers: {
      takes: "<n>",
      read: wholeNumber(1, 256),
      help: "threads that simulate (default: one for each core)",
    },
  },
} satisfies FlagGroup;
