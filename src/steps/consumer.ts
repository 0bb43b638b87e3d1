/** The consumer's memory and processor, by which Lambda bills it, and its timeout, by its template. */
import type { Cost, Scenario, Settings } from "../model.ts";
import { functionOf } from "./function.ts";

/** Lambda's choice where the template makes none: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
export const defaultSize = { memoryMb: 128, architecture: "x86_64" };

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const defaultTimeoutSeconds = 3;
const longestTimeoutSeconds = 900;

/** null: the template leaves it to something that only the stack knows. */
export function consumerSize(scenario: Scenario, settings: Settings): Cost["consumer"] {
  const consumer = functionOf(scenario, settings, "ConsumerFunction");
  if (consumer === null) return null;
  const { MemorySize = defaultSize.memoryMb, Architectures = [defaultSize.architecture] } = consumer.properties;
  const architecture = Array.isArray(Architectures) ? Architectures[0] : null;
  if (typeof MemorySize === "object" || typeof architecture !== "string") return null;
  return { memoryMb: Number(MemorySize), architecture };
}

/** The longest that an invocation of the consumer takes, by its template: Lambda's longest where only the stack knows. */
export function consumerTimeoutMs(scenario: Scenario, settings: Settings): number {
  const { Timeout = defaultTimeoutSeconds } = functionOf(scenario, settings, "ConsumerFunction")?.properties ?? {
    Timeout: null,
  };
  const seconds = typeof Timeout === "object" ? longestTimeoutSeconds : Number(Timeout);
  return 1_000 * (seconds > 0 ? seconds : longestTimeoutSeconds);
}
