/** The consumer's memory and processor, by which Lambda bills it. */
import type { Cost, Scenario, Settings } from "../model.ts";
import { effectiveTemplate } from "../template/effective.ts";
import { resourceNamed } from "../template/references.ts";

/** Of a function whose template does not say: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
export const defaultSize = { memoryMb: 128, architecture: "x86_64" };

/** null: the template leaves it to something that only the stack knows. */
export function consumerSize({ template }: Scenario, settings: Settings): Cost["consumer"] {
  const functions = template.resources.filter(({ type }) => type === "AWS::Lambda::Function");
  const named = template.outputs.filter(({ name }) => name === "ConsumerFunction");
  const { resources, outputs } = effectiveTemplate({ ...template, resources: functions, outputs: named }, settings);
  const consumer = resourceNamed(outputs[0]?.value, resources);
  if (consumer === null) return null;
  const { MemorySize = defaultSize.memoryMb, Architectures = [defaultSize.architecture] } = consumer.properties;
  const architecture = Array.isArray(Architectures) ? Architectures[0] : null;
  if (typeof MemorySize === "object" || typeof architecture !== "string") return null;
  return { memoryMb: Number(MemorySize), architecture };
}
