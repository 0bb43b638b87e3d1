/** From a CloudFormation template to a scenario: reads what the harness needs, and refuses a template that lacks it. */
import { createHash } from "node:crypto";
import { parse } from "node:path";
import * as z from "zod";
import { limitPattern } from "../../infra/handlers/limit.ts";
import type { PublishedResult, Scenario } from "../model.ts";
import { Faults } from "../template/faults.ts";
import { withoutSecretDefaults } from "../template/kept-template.ts";
import { maximumMembers, maximumTemplateBytes, placeOf, TemplateError } from "../template/template.ts";
import { faultsError, UnreadableScenario } from "./fault.ts";
import { descriptionPath, readWholeTemplate, type WholeTemplate } from "./whole-template.ts";

const text = z.string().trim().min(1);
const count = z.int().nonnegative();
/** Decimals may be quoted: cfn-lint takes no others in Metadata. */
const figure = z.coerce
  .string()
  .regex(/^\d+(\.\d+)?$/, "give a number that is not negative")
  .transform(Number);

const publishedSchema = z.strictObject({
  Source: text,
  Platform: z.enum(["2020", "2026"]),
  TotalEvents: count,
  EventsCompleted: count,
  EventsFailed: count,
  TimeTakenSeconds: figure,
  MaxConcurrency: count,
  InsertsPerSecond: z.strictObject({ Avg: figure, Max: figure, Min: figure }),
  Notes: z.array(text).default([]),
});

const claims = ["loses-nothing", "keeps-limit", "keeps-order", "no-duplicates", "no-throttles"] as const;

const descriptionSchema = z.strictObject({
  Title: text,
  Alias: text.regex(/^[a-z][a-z0-9-]*$/, "give lower-case letters, digits and hyphens").optional(),
  Parts: z.array(text).default([]),
  Summary: text.default(""),
  Topology: z.array(text).min(1),
  Limit: text.regex(new RegExp(limitPattern), "give calls per second or minute, such as 1/s or 30/m").optional(),
  Claims: z
    .array(z.enum(claims, `give some of ${claims.join(", ")}`))
    .refine((given) => new Set(given).size === given.length, "give each claim once")
    .default([]),
  Assumed: z.array(z.enum(["WorkMs"], "give WorkMs, or leave it out")).default([]),
  WhenToUse: text.optional(),
  Pros: z.array(text).default([]),
  Cons: z.array(text).default([]),
  Published: publishedSchema.optional(),
});

/**
 * `file` is named in errors.
 * @throws BenchError `bad-template` for a text that cannot be read, `UnreadableScenario` with every fault of one that can be read in part
 */
export function readScenario(name: string, file: string, text: string): Scenario {
  const faults = new Faults();
  const whole = readWhole(file, text, faults);
  const { template, templateBody } = whole;
  if (template.transforms.some((each) => each.startsWith("AWS::Serverless-"))) {
    const message = `this is a SAM template, which is no scenario as it stands: let \`throttle-bench init --from ${file}\` lift its event path`;
    throw faultsError({ name, file }, [{ message, place: placeOf(template, ["Transform"]) }]);
  }
  addLimits(whole, faults);
  const description = describedBy(whole, faults);
  const scenario: Scenario = {
    name,
    alias: description?.Alias ?? null,
    file,
    title: description?.Title ?? name,
    summary: description?.Summary ?? "",
    topology: description?.Topology ?? [],
    limit: description?.Limit ?? null,
    claims: description?.Claims ?? [],
    assumed: description?.Assumed ?? [],
    whenToUse: description?.WhenToUse ?? null,
    pros: description?.Pros ?? [],
    cons: description?.Cons ?? [],
    published: description?.Published ? publishedResult(description.Published) : null,
    template,
    templateBody,
    keptTemplateBody: faults.all.length === 0 ? withoutSecretDefaults(templateBody, template.parameters) : templateBody,
    templateHash: createHash("sha256").update(templateBody).digest("hex"),
  };
  if (faults.all.length === 0) return scenario;
  throw new UnreadableScenario(scenario, faults);
}

/** @throws BenchError `bad-template`, likewise */
function readWhole(file: string, text: string, faults: Faults): WholeTemplate {
  try {
    return readWholeTemplate(file, text, faults);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw faultsError({ name: parse(file).name, file }, [...faults.all, ...error.faults], error);
  }
}

function addLimits({ template, templateBody }: WholeTemplate, faults: Faults): void {
  const bytes = Buffer.byteLength(templateBody);
  if (bytes > maximumTemplateBytes) {
    const message = `the template has ${bytes} bytes, and CloudFormation takes at most ${maximumTemplateBytes}; shorten it`;
    faults.add({ message, place: placeOf(template, []) });
  }
  for (const section of ["resources", "parameters", "outputs"] as const) {
    const count = template[section].length;
    const most = maximumMembers[section];
    if (count <= most) continue;
    const message = `the template has ${count} ${section}, and CloudFormation takes at most ${most}; use fewer`;
    faults.add({ message, place: placeOf(template, [`${section[0]!.toUpperCase()}${section.slice(1)}`]) });
  }
}

/** null: it is missing, or wrong in a way that was said. */
function describedBy(
  { description, template: { places } }: WholeTemplate,
  faults: Faults,
): z.infer<typeof descriptionSchema> | null {
  if (description === null) {
    const message = "Metadata has no ThrottleBench: add it with a Title and a Topology such as [SNS, SQS, Lambda]";
    faults.addAt(places, descriptionPath, message);
    return null;
  }
  const parsed = descriptionSchema.safeParse(description);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const at = [...descriptionPath, ...issue.path] as (string | number)[];
    const message = `${at.join(".")}: ${issue.message.replace(/^Invalid input: /, "")}`;
    // A key that there is not has a line of its own.
    const [key] = issue.code === "unrecognized_keys" ? issue.keys : [];
    faults.addAt(places, key === undefined ? at : [...at, key], message);
  }
  return null;
}

function publishedResult(published: z.infer<typeof publishedSchema>): PublishedResult {
  const { Avg, Max, Min } = published.InsertsPerSecond;
  return {
    source: published.Source,
    platform: published.Platform,
    totalEvents: published.TotalEvents,
    eventsCompleted: published.EventsCompleted,
    eventsFailed: published.EventsFailed,
    timeTakenSeconds: published.TimeTakenSeconds,
    maxConcurrency: published.MaxConcurrency,
    insertsPerSecond: { avg: Avg, max: Max, min: Min },
    notes: published.Notes,
  };
}
