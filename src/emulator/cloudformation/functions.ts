/** Applies a template's functions, and refuses one without a value as CloudFormation does. */
import * as intrinsics from "../../template/intrinsics.ts";
import { invalid } from "./validation.ts";

/** @throws ServiceError `ValidationError` */
export const resolve: typeof intrinsics.resolve = (value, scope) => refusing(() => intrinsics.resolve(value, scope));

/** @throws ServiceError `ValidationError` */
export const holds: typeof intrinsics.holds = (condition, scope) => refusing(() => intrinsics.holds(condition, scope));

function refusing<T>(apply: () => T): T {
  try {
    return apply();
  } catch (fault) {
    if (fault instanceof intrinsics.FunctionError) throw invalid(fault.message);
    throw fault;
  }
}
