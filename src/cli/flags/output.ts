/** The flags of every verb that ends by printing records. */
import type { FlagGroup } from "./flag.ts";

export const output = {
  title: "Output",
  flags: {
    json: { help: "print the records as JSON" },
    details: { help: "also print the figures beyond the published table, and each of several runs by itself" },
  },
} satisfies FlagGroup;
