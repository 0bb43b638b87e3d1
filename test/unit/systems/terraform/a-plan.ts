/** Writes plans as `terraform show -json` does. https://developer.hashicorp.com/terraform/internals/json-format */

export type Expression = { references: string[] } | { constant_value: unknown };
type Expressions = Record<string, Expression | object>;

export interface InstanceOf {
  key?: string | number;
  /** as planned; nulls as Terraform writes them */
  values?: Record<string, unknown>;
  /** in the shape of `values` */
  unknown?: Record<string, unknown>;
}

export interface Declared {
  type: string;
  name: string;
  expressions?: Expressions;
  forEach?: Expression;
  count?: Expression;
  /** absent: one, with these `values` */
  instances?: InstanceOf[];
  values?: InstanceOf["values"];
  unknown?: InstanceOf["unknown"];
}

export interface ModuleOf {
  resources: Declared[];
  /** by their names; values of modules called several times are the same in each */
  calls?: Record<string, ModuleOf & { expressions?: Expressions; forEach?: Expression; keys?: (string | number)[] }>;
  variables?: Record<string, { default?: unknown }>;
  outputs?: Record<string, Expression>;
}

/** The expression of a reference, with what leads to it: `a.b[0].c` as Terraform names it. */
export function to(...references: string[]): Expression {
  return {
    references: references.flatMap((each) => {
      const steps = each.match(/\[[^\]]*\]|\.?[^.[]+/g) ?? [];
      const whole = each.startsWith("data.") ? 3 : 2;
      return each.startsWith("var.") || each.startsWith("each.") || each.startsWith("local.")
        ? [each]
        : steps.slice(whole - 1).map((_, index) => steps.slice(0, steps.length - index).join(""));
    }),
  };
}

export function written(constant_value: unknown): Expression {
  return { constant_value };
}

/** A plan that makes everything in the root module. */
export function aPlan(root: ModuleOf, variables: Record<string, unknown> = {}): Record<string, unknown> {
  const changes: object[] = [];
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
    planned_values: { root_module: planned(root, "", changes) },
    resource_changes: changes,
    configuration: { root_module: configured(root) },
  };
}

/** The state after it: everything is known. */
export function aState(root: ModuleOf): Record<string, unknown> {
  return {
    format_version: "1.0",
    terraform_version: "1.11.4",
    values: { outputs: {}, root_module: planned(root, "", []) },
  };
}

function planned(module: ModuleOf, prefix: string, changes: object[]): object {
  const resources = module.resources.flatMap(({ type, name, instances, values, unknown }) =>
    (instances ?? [{ values, unknown }]).map((each) => {
      const address = `${prefix}${type}.${name}${keyed(each.key)}`;
      const index = each.key === undefined ? {} : { index: each.key };
      const common = { address, mode: "managed", type, name, ...index };
      const change = { actions: ["create"], before: null, after: each.values ?? {}, after_unknown: each.unknown ?? {} };
      changes.push({ ...common, change });
      return { ...common, schema_version: 0, values: each.values ?? {}, sensitive_values: {} };
    }),
  );
  const children = Object.entries(module.calls ?? {}).flatMap(([name, call]) =>
    (call.keys ?? [undefined]).map((key) => {
      const address = `${prefix}module.${name}${keyed(key)}`;
      return { address, ...planned(call, `${address}.`, changes) };
    }),
  );
  return { resources, ...(children.length > 0 && { child_modules: children }) };
}

function configured({ resources, calls = {}, variables = {}, outputs = {} }: ModuleOf): object {
  return {
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, expression]) => [name, { expression }])),
    variables,
    resources: resources.map(({ type, name, expressions = {}, forEach, count }) => ({
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      expressions,
      ...(forEach && { for_each_expression: forEach }),
      ...(count && { count_expression: count }),
    })),
    module_calls: Object.fromEntries(
      Object.entries(calls).map(([name, { expressions = {}, forEach, ...module }]) => [
        name,
        {
          source: `./${name}`,
          expressions,
          ...(forEach && { for_each_expression: forEach }),
          module: configured(module),
        },
      ]),
    ),
  };
}

function keyed(key: string | number | undefined): string {
  return key === undefined ? "" : `[${JSON.stringify(key)}]`;
}
