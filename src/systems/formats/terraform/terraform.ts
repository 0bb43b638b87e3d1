/** Plans and states of Terraform and OpenTofu, as JSON, as somebody's system. https://developer.hashicorp.com/terraform/internals/json-format */
import { isMap, TemplateError, type TemplateMap } from "../../../template/template.ts";
import type { Format, System, SystemSource } from "../../system.ts";
import { readDeclared } from "../cloudformation.ts";
import { readDocument } from "../document.ts";
import { instancesOf, mapAt } from "./instances.ts";
import { translated } from "./translator.ts";

export const terraform: Format = {
  name: "Terraform",
  recognizes: (root) => isPlan(root as TemplateMap) || isStored(root as TemplateMap),
  read,
};

/** True for the output of `terraform show -json`, of a plan or a state; OpenTofu writes the same. */
function isPlan(root: TemplateMap): boolean {
  return isMap(root) && typeof root.format_version === "string" && (isMap(root.planned_values) || isMap(root.values));
}

/** A state as it is stored. */
function isStored(root: TemplateMap): boolean {
  return isMap(root) && root.version === 4 && root.terraform_version !== undefined && Array.isArray(root.resources);
}

function read(source: SystemSource): System {
  const { root, places } = readDocument(source);
  const document = root as TemplateMap;
  const refuse = (message: string): never => {
    throw new TemplateError(message, { file: source.file, line: 1 });
  };
  const version = String(document.format_version ?? "1");
  if (!/^[01](\.|$)/.test(version)) refuse(`format_version ${version} of Terraform's JSON is not known; 1 is`);
  const [given] = Object.keys(source.parameters);
  if (given !== undefined) {
    refuse(
      `--parameters gives ${given}, but the variables of a plan have their values already; plan again with \`terraform plan -var ${given}=…\``,
    );
  }
  const instances = instancesOf(document);
  if (instances.managed.length === 0) {
    refuse(
      isMap(mapAt(document, "planned_values"))
        ? "the plan has no resource after it is applied; plan without -destroy, in the folder that declares them"
        : "the state has no resource; apply the plan first, or give the plan (`terraform show -json plan.out > plan.json`)",
    );
  }
  const { resources, ...rest } = translated(instances, places);
  return readDeclared({ format: "Terraform", source, root: { Resources: resources }, ...rest });
}
