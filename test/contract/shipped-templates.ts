/** The CloudFormation templates that are shipped, whole, and the policy that CloudFormation handles each under. */
import { readFileSync } from "node:fs";
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";

export interface ShippedTemplate {
  /** such as `scenario-4.yaml` */
  file: string;
  text: string;
  policy: "deploy" | "database";
}

const database = new URL("../../infra/database.yaml", import.meta.url);

export const shippedTemplates: readonly ShippedTemplate[] = [
  ...shippedScenarios().map(({ name, templateBody }) => ({
    file: `${name}.yaml`,
    text: templateBody,
    policy: "deploy" as const,
  })),
  { file: "database.yaml", text: readFileSync(database, "utf8"), policy: "database" },
];
