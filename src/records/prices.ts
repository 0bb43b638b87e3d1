/** The prices of a region as a user's file has them: `src/metrics/prices.json` is the example. */
import * as z from "zod";
import { BenchError, messageOf } from "../errors.ts";
import { mostBytesOfText, parseJson, readUserText } from "../files/user-file.ts";
import type { Prices } from "../model.ts";
import { firstFault } from "./reading.ts";
import type { Same } from "./schema.ts";

const price = z.strictObject({
  dollars: z.number().nonnegative(),
  per: z.number().positive(),
  unit: z.string().min(1),
  source: z.string().min(1),
});

/** Prices of what no run is billed by are passed over. */
export const pricesSchema = z.object({
  region: z.string().min(1),
  date: z.iso.date(),
  prices: z.object({
    "sns.publish": price,
    "sqs.request": price,
    "lambda.request": price,
    "lambda.gigabyteSecondArm": price,
    "lambda.gigabyteSecondX86": price,
    "lambda.pollerHour": price,
    "kinesis.shardHour": price,
    "kinesis.putUnit": price,
    "eventbridge.event": price,
    "eventbridge.apiDestination": price,
    "sns.fifoPublish": price,
    "sqs.fifoRequest": price,
  }),
});

true satisfies Same<z.infer<typeof pricesSchema>, Prices>;

/** Throws `bad-usage` that names the file and the first fault. */
export function readPrices(file: string): Prices {
  const parsed = pricesSchema.safeParse(parse(file));
  if (parsed.success) return parsed.data;
  throw new BenchError(
    "bad-usage",
    `--prices ${file}: ${firstFault(parsed.error)}; write each price as {"dollars": 0.4, "per": 1000000, "unit": "requests", "source": "…"}.`,
  );
}

function parse(file: string): unknown {
  try {
    return parseJson(readUserText(file, mostBytesOfText));
  } catch (cause) {
    throw new BenchError("bad-usage", `--prices ${file} cannot be read (${messageOf(cause)}); check the file.`, {
      cause,
    });
  }
}
