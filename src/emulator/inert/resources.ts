/** Resources that change no event: they neither send events to, nor take them from, nor change the settings of, anything on an event's path. */
import type { Account, Creation, ResourceType } from "../account.ts";
import { takes } from "../template/resource-type.ts";
import { problemsAmong } from "./neighbours.ts";
import { type Inert, inertTypes } from "./types.ts";

function inertType(type: string, inert: Inert): ResourceType {
  const { ref, name: named, attributes = {}, isIam = false, decides } = inert;
  return {
    type,
    inert: { decides: decides ?? null },
    attributes: Object.keys(attributes),
    iam: isIam ? { namedBy: named ?? null } : null,
    creationMs: takes(3, [1, 60], "a few calls that take effect at once; nothing of the path waits for it"),
    deletionMs: takes(2, [0.5, 60], "one call that takes effect at once"),
    check: () => [],
    checkAmong: (resource, resources) => problemsAmong(inert, resource, resources),
    replacedBy: [],
    create({ account, properties, generatedName }: Creation<Record<string, unknown>>) {
      const given = named === undefined ? undefined : properties[named];
      const name =
        ref === "uuid"
          ? account.kernel.random("inert resources").uuid()
          : typeof given === "string"
            ? given
            : generatedName(64);
      const values = Object.entries(attributes).map(([key, text]) => [key, filled(text, name, account)] as const);
      const [arn] = values.map(([, value]) => value);
      return {
        physicalId: ref === "arn" && arn !== undefined ? arn : name,
        attributes: Object.fromEntries(values),
        delete() {},
      };
    },
    // Whatever changes of it, no event does.
    update() {},
  };
}

function filled(text: string, name: string, { region, accountId }: Account): string {
  return text.replaceAll("{name}", name).replaceAll("{region}", region).replaceAll("{account}", accountId);
}

export const inertResourceTypes = Object.entries(inertTypes).map(([type, inert]) => inertType(type, inert));
