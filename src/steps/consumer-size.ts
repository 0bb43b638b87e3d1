/** The consumer's memory and processor, by which Lambda bills it. */
import type { Cost, Scenario, Settings } from "../model.ts";
import { effectiveTemplate } from "../template/effective.ts";
import { resourceNamed } from "../template/references.ts";

/** Of a function whose template does not say: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
export const defaultSize = { memoryMb: 128, architecture: "x86_64" };

/** null: the template leaves it to something that only the stack knows. */
export function consumerSize({ template }: Scenario, settings: Settings): Cost["consumer"] {
  const { resources, outputs } = effectiveTemplate(template, settings);
  const consumer = resourceNamed(outputs.find(({ name }) => name === "ConsumerFunction")?.value, resources);
  if (consumer === null) return null;
  const { MemorySize = defaultSize.memoryMb, Architectures = [defaultSize.architecture] } = consumer.properties;
  const architecture = Array.isArray(Architectures) ? Architectures[0] : null;
  if (typeof MemorySize === "object" || typeof architecture !== "string") return null;
  return { memoryMb: Number(MemorySize), architecture };
}
