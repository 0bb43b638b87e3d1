/** The values of NoEcho parameters, which are shown and stored nowhere. */
import { mask, type Parameter } from "./parameter.ts";

/** The parameter as it may be shown: a secret's default and the values that it takes are masked. */
export function shownParameter(parameter: Parameter): Parameter {
  if (!parameter.noEcho) return parameter;
  const { default: value, allowedValues } = parameter;
  return {
    ...parameter,
    ...(value !== undefined && { default: mask }),
    ...(allowedValues && { allowedValues: [mask] }),
  };
}

/** A sentence without the secrets among the values that it may quote. */
export function withoutSecretValues(
  sentence: string,
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string>>,
): string {
  const secrets = parameters
    .filter(({ noEcho }) => noEcho)
    .flatMap(({ name, default: value }) => [Object.hasOwn(values, name) ? values[name]! : "", value ?? ""]);
  return [...new Set(secrets)]
    .filter((secret) => secret !== "")
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, mask), sentence);
}
