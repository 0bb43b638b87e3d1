/** The CloudFormation templates under `infra`, and the policy that CloudFormation handles each under. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface ShippedTemplate {
  /** from `infra` on */
  file: string;
  text: string;
  policy: "deploy" | "database";
}

const infra = fileURLToPath(new URL("../../infra/", import.meta.url));

export const shippedTemplates: readonly ShippedTemplate[] = readdirSync(infra, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => ({ file, text: readFileSync(join(infra, file), "utf8") }))
  .filter(({ text }) => text.startsWith("AWSTemplateFormatVersion"))
  .map(({ file, text }) => ({ file, text, policy: policyOfFile(file) }));

function policyOfFile(file: string): ShippedTemplate["policy"] {
  if (file.startsWith("scenarios/")) return "deploy";
  if (file === "database.yaml") return "database";
  throw new Error(`infra/${file} is neither a scenario nor the database: say which policy it is deployed under`);
}
