/** From a CloudFormation template to a scenario: reads what the harness needs, and refuses a template that lacks it. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { limitPattern } from "../../infra/handlers/limit.ts";
import { BenchError } from "../errors.ts";
import type { PublishedResult, Scenario } from "../model.ts";
import {
  maximumMembers,
  maximumTemplateBytes,
  placeOf,
  TemplateError,
  type TemplatePath,
} from "../template/template.ts";
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

/** `file` is named in errors. @throws BenchError `bad-template` with file, line and what to change */
export function readScenario(name: string, file: string, text: string): Scenario {
  try {
    const whole = readWholeTemplate(file, text);
    const { template, templateBody } = whole;
    requireWithinLimits(whole);
    const description = describedBy(whole);
    return {
      name,
      alias: description.Alias ?? null,
      file,
      title: description.Title,
      summary: description.Summary,
      topology: description.Topology,
      limit: description.Limit ?? null,
      claims: description.Claims,
      assumed: description.Assumed,
      whenToUse: description.WhenToUse ?? null,
      pros: description.Pros,
      cons: description.Cons,
      published: description.Published ? publishedResult(description.Published) : null,
      template,
      templateBody,
      templateHash: createHash("sha256").update(templateBody).digest("hex"),
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    // A part is a file of the installation, and the fault may be in how the user's file names its parts.
    const isInPart = error.place.file !== null && error.place.file !== file;
    throw new BenchError("bad-template", isInPart ? `${file} with its parts: ${error.sentence}` : error.sentence, {
      cause: error,
    });
  }
}

function requireWithinLimits(whole: WholeTemplate): void {
  const bytes = Buffer.byteLength(whole.templateBody);
  if (bytes > maximumTemplateBytes) {
    throw broken(
      whole,
      [],
      `the template has ${bytes} bytes, and CloudFormation takes at most ${maximumTemplateBytes}; shorten it`,
    );
  }
  for (const section of ["resources", "parameters", "outputs"] as const) {
    const count = whole.template[section].length;
    const most = maximumMembers[section];
    if (count <= most) continue;
    const problem = `the template has ${count} ${section}, and CloudFormation takes at most ${most}; use fewer`;
    throw broken(whole, [`${section[0]!.toUpperCase()}${section.slice(1)}`], problem);
  }
}

function describedBy(whole: WholeTemplate): z.infer<typeof descriptionSchema> {
  if (whole.description === null) {
    throw broken(
      whole,
      descriptionPath,
      "Metadata has no ThrottleBench: add it with a Title and a Topology such as [SNS, SQS, Lambda]",
    );
  }
  const parsed = descriptionSchema.safeParse(whole.description);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const at = [...descriptionPath, ...issue.path] as (string | number)[];
  throw broken(whole, at, `${at.join(".")}: ${issue.message.replace(/^Invalid input: /, "")}`);
}

function broken({ template }: WholeTemplate, path: TemplatePath, problem: string): TemplateError {
  return new TemplateError(problem, placeOf(template, path));
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
