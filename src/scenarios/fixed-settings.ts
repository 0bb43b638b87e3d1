/** A template of its own from a scenario and the settings that were chosen for it. */
import type { Scenario, Settings } from "../model.ts";
import { parseSource, printSource } from "../template/nodes.ts";
import { descriptionPath } from "./whole-template.ts";

/** Keys of the description that speak of the scenario's own settings, and so not of others. */
const ofOwnSettings = ["Claims", "Assumed", "WhenToUse", "Pros", "Cons"];

/**
 * The scenario's whole template with `settings` as its defaults and `limit` as what it is judged by. It reads back anywhere, because it
 * names no parts. `comment` stands above it.
 */
export function templateWithSettings(
  { templateBody, template }: Scenario,
  settings: Settings,
  { limit, comment }: { limit: string; comment: string },
): string {
  const source = parseSource(templateBody, null);
  const { document } = source;
  for (const { name, type, noEcho } of template.parameters) {
    // A secret has to be given anew.
    if (noEcho) document.deleteIn(["Parameters", name, "Default"]);
    const value = noEcho ? undefined : settings[name];
    if (value === undefined) continue;
    // A new node, because the old one is printed as it was written.
    document.setIn(["Parameters", name, "Default"], document.createNode(type === "Number" ? Number(value) : value));
  }
  for (const key of ofOwnSettings) document.deleteIn([...descriptionPath, key]);
  document.setIn([...descriptionPath, "Limit"], limit);
  document.commentBefore = comment
    .split("\n")
    .map((line) => ` ${line}`)
    .join("\n");
  return printSource(source);
}
