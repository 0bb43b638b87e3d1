/** A system as an account has it, with the time that its functions work. */

import { readDeclared } from "../formats/cloudformation.ts";
import type { System } from "../system.ts";
import type { Asking } from "./asking.ts";
import type { Gathered } from "./gathered.ts";
import type { Works } from "./work.ts";

export interface AccountReading extends Works {
  /** its notes, such as a missing permission, are in `unread` */
  system: System;
}

/** The resources that were gathered, as a system. */
export function systemOf({ origin, unread }: Asking, { resources, names }: Gathered): System {
  return readDeclared({
    format: "account",
    source: { file: origin, parameters: {} },
    root: { Resources: resources },
    places: new Map([["[]", { file: origin, line: 1 }]]),
    names,
    unread,
  });
}
