/** The values that the framework and its plugin for queues fill in, each with the page that says so. */
import type { Written } from "./written.ts";

const framework = "the Serverless Framework";
const pages = "https://www.serverless.com/framework/docs/providers/aws";

export const frameworkDefaults = {
  timeoutSeconds: { value: 6, by: framework, source: `${pages}/guide/functions` },
  memoryMb: { value: 1024, by: framework, source: `${pages}/guide/functions` },
  queueBatchSize: { value: 10, by: framework, source: `${pages}/events/sqs` },
  streamBatchSize: { value: 10, by: framework, source: `${pages}/events/streams` },
  startingPosition: { value: "TRIM_HORIZON", by: framework, source: `${pages}/events/streams` },
} as const;

const lift = { by: "serverless-lift", source: "https://github.com/getlift/lift/blob/master/docs/queue.md" };

export const liftDefaults = {
  /** A message is received so often before it is given up. */
  maxRetries: { value: 3, ...lift },
  batchSize: { value: 1, ...lift },
  /** 14 days */
  retentionSeconds: { value: 1_209_600, ...lift },
  /** With no timeout of its own; a timeout of the provider is not asked. */
  timeoutSeconds: { value: 6, ...lift },
  responseType: { value: "ReportBatchItemFailures", ...lift },
} as const;

interface Default {
  value: string | number;
  by: string;
  source: string;
}

/** The value as one that nobody wrote, at the place of what it is filled in for. */
export function filledIn({ place }: Pick<Written, "place">, { value, by, source }: Default): Written {
  return { place, value, filledIn: { by, source } };
}
