/** Applies a template's functions, and refuses one without a value as CloudFormation does. */
import * as intrinsics from "../../template/intrinsics.ts";
import { invalid } from "./validation.ts";

/** @throws ServiceError `ValidationError` */
export const resolve: typeof intrinsics.resolve = (value, scope) => refusing(() => intrinsics.resolve(value, scope));

/** @throws ServiceError `ValidationError` */
export const holds: typeof intrinsics.holds = (condition, scope) => refusing(() => intrinsics.holds(condition, scope));

/** Works each condition out once by its name: one of conditions of conditions would take twice as long at every level. */
export function eachOnce(condition: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const value = known.get(name) ?? condition(name);
    known.set(name, value);
    return value;
  };
}

function refusing<T>(apply: () => T): T {
  try {
    return apply();
  } catch (fault) {
    if (fault instanceof intrinsics.FunctionError) throw invalid(fault.message);
    throw fault;
  }
}
