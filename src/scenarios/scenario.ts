/** From a CloudFormation template to a scenario: reads what the harness needs, and refuses a template that lacks it. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { BenchError } from "../errors.ts";
import type { PublishedResult, Scenario } from "../model.ts";
import { readTemplate } from "../template/sections.ts";
import {
  maximumTemplateBytes,
  placeOf,
  type Template,
  TemplateError,
  type TemplatePath,
} from "../template/template.ts";

const text = z.string().trim().min(1);
const count = z.int().nonnegative();
/** Decimals are quoted, because cfn-lint takes no others in Metadata. */
/** CloudFormation's numbers are text where they have decimals, so that these may be quoted. */
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

const descriptionSchema = z.strictObject({
  Title: text,
  Summary: text.default(""),
  Topology: z.array(text).min(1),
  Pros: z.array(text).default([]),
  Cons: z.array(text).default([]),
  Published: publishedSchema.optional(),
});

/** `file` is named in errors. Throws `bad-template` with file, line and what to change. */
export function readScenario(name: string, file: string, templateBody: string): Scenario {
  const template = parseTemplate(file, templateBody);
  const contract = new Contract(file, template);
  contract.requireOutput("ProducerFunction", "the function that fires the burst");
  contract.requireOutput("ConsumerFunction", "the function under test");
  const description = contract.description();
  return {
    name,
    file,
    title: description.Title,
    summary: description.Summary,
    topology: description.Topology,
    pros: description.Pros,
    cons: description.Cons,
    published: description.Published ? publishedResult(description.Published) : null,
    parameters: template.parameters,
    templateBody,
    templateHash: createHash("sha256").update(templateBody).digest("hex"),
  };
}

function parseTemplate(file: string, templateBody: string): Template {
  const bytes = Buffer.byteLength(templateBody);
  if (bytes > maximumTemplateBytes) {
    throw new BenchError(
      "bad-template",
      `${file} has ${bytes} bytes and CloudFormation takes at most ${maximumTemplateBytes}; shorten it.`,
    );
  }
  try {
    return readTemplate(templateBody);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw badTemplate(file, error.place.line, error.message);
  }
}

/** What every scenario's template has to have beyond being one. */
class Contract {
  constructor(
    private readonly file: string,
    private readonly template: Template,
  ) {}

  requireOutput(name: string, meaning: string): void {
    if (this.template.outputs.some((output) => output.name === name)) return;
    throw this.broken(["Outputs"], `the output ${name} is missing: add it, with the name or ARN of ${meaning}`);
  }

  description(): z.infer<typeof descriptionSchema> {
    const path = ["Metadata", "ThrottleBench"];
    const metadata = this.template.metadata.ThrottleBench;
    if (metadata === undefined) {
      throw this.broken(
        path,
        "Metadata has no ThrottleBench: add it with a Title and a Topology such as [SNS, SQS, Lambda]",
      );
    }
    const parsed = descriptionSchema.safeParse(metadata);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    const at = [...path, ...issue.path] as (string | number)[];
    throw this.broken(at, `${at.join(".")}: ${issue.message.replace(/^Invalid input: /, "")}`);
  }

  private broken(path: TemplatePath, problem: string): BenchError {
    return badTemplate(this.file, placeOf(this.template, path).line, problem);
  }
}

function badTemplate(file: string, line: number, problem: string): BenchError {
  return new BenchError("bad-template", `${file}, line ${line}: ${problem.replace(/\.$/, "")}.`);
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
