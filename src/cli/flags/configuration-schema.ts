/** The shape of the configuration file. It stands apart from whoever reads it, because most runs have no such file, and need no zod for it. */
import * as z from "zod";
import { platforms } from "./model.ts";

const written = z.union([z.string(), z.number()]);

export const configurationSchema = z.strictObject({
  alpha: written.optional(),
  minimumEffect: written.optional(),
  thresholds: z.record(z.string(), written).optional(),
  target: z.enum(["local", "aws"]).optional(),
  profile: z.string().optional(),
  region: z.string().optional(),
  endpointUrl: z.url({ protocol: /^https?$/ }).optional(),
  platform: z.preprocess((year) => (typeof year === "number" ? String(year) : year), z.enum(platforms)).optional(),
  calibration: z.string().optional(),
  assume: z.record(z.string(), written.transform(String)).optional(),
  limit: written.optional(),
  limitTolerance: written.optional(),
  maxLoss: written.optional(),
  maxWait: z.string().optional(),
  maxCost: written.optional(),
});
