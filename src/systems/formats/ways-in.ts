/** Files that declare a system and cannot be read as they are, each with the command that makes one that can. */
import { isMap, type TemplateMap, type TemplateValue } from "../../template/template.ts";

interface WayIn {
  /** by the name of the file alone */
  named?: RegExp;
  /** by the file as data */
  looksLike?(root: TemplateMap): boolean;
  kind: string;
  /** what to do, without a full stop */
  cure: string;
}

const planCure = "write the plan with `terraform show -json plan.out > plan.json`, and give plan.json";
const synthCure = "write its template with `cdk synth > template.yaml`, or give a *.template.json of cdk.out";

const waysIn: readonly WayIn[] = [
  { named: /\.tf(\.json)?$/i, kind: "Terraform's own language", cure: planCure },
  { named: /\.tfplan$/i, kind: "a binary plan of Terraform", cure: planCure },
  {
    named: /(^|[\\/])serverless\.(ts|js|mjs|cjs)$/i,
    kind: "a Serverless Framework file that is a program",
    cure: "write what it comes to with `serverless print > serverless.yml`, or give .serverless/cloudformation-template-update-stack.json",
  },
  { named: /(^|[\\/])(cdk\.json|manifest\.json|tree\.json)$/i, kind: "CDK's own file about an app", cure: synthCure },
  {
    named: /\.(ts|js|mjs|cjs|py|java|cs|go)$/i,
    kind: "a program",
    cure: `if it is a CDK app, ${synthCure}`,
  },
  {
    named: /(^|[\\/])Pulumi(\.[^\\/]+)?\.ya?ml$/i,
    kind: "a Pulumi program",
    cure: "Pulumi makes no CloudFormation; read what it deployed with `throttle-bench init --from-stack NAME` or `--from-function NAME`, or write a starting scenario with `throttle-bench init`",
  },
  { named: /\.bicep$/i, kind: "a Bicep file, which is for Azure", cure: "give a template for AWS" },
  {
    named: /(^|[\\/])samconfig\.(toml|ya?ml)$/i,
    kind: "the configuration of the SAM CLI",
    cure: "give the template, such as template.yaml",
  },
  {
    named: /(^|[\\/])(Chart\.ya?ml|values\.ya?ml)$/i,
    kind: "a Helm chart",
    cure: "it deploys to Kubernetes; give a template for AWS",
  },
  {
    looksLike: ({ $schema }) => typeof $schema === "string" && /deploymentTemplate/i.test($schema),
    kind: "a template of Azure Resource Manager",
    cure: "give a template for AWS",
  },
  {
    looksLike: ({ apiVersion, kind }) => typeof apiVersion === "string" && typeof kind === "string",
    kind: "a manifest of Kubernetes",
    cure: "give a template for AWS",
  },
  {
    looksLike: ({ services }) => typeof services === "object",
    kind: "a Compose file",
    cure: "give a template for AWS",
  },
  {
    looksLike: ({ runtime, name, resources }) => runtime !== undefined && name !== undefined && resources !== undefined,
    kind: "a Pulumi program",
    cure: "Pulumi makes no CloudFormation; read what it deployed with `throttle-bench init --from-stack NAME` or `--from-function NAME`, or write a starting scenario with `throttle-bench init`",
  },
  {
    looksLike: ({ name, dependencies, devDependencies, scripts }) =>
      name !== undefined && [dependencies, devDependencies, scripts].some((each) => typeof each === "object"),
    kind: "a package.json",
    cure: "give the template beside it",
  },
];

/** A sentence for a file that has a way in; `root` null: only by its name. Null: it has none. */
export function wayIn(file: string, root: TemplateValue | null): string | null {
  const found = waysIn.find(({ named, looksLike }) =>
    root === null ? named?.test(file) : looksLike !== undefined && isMap(root) && looksLike(root),
  );
  return found === undefined ? null : `${file} is ${found.kind}; ${found.cure}.`;
}
