/** Filter patterns of unstructured lines: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
import { ServiceError } from "../service-error.ts";

const term = /^([-?]?)(?:"([^"\\]+)"|([\w./:@$#=]+))(?: +|$)/;

/**
 * Says whether a line has every term, none of those with a minus, and any of those with a question mark. A pattern without terms takes
 * everything; with other terms beside them, CloudWatch ignores those with a question mark.
 * @throws ServiceError `InvalidParameterException` for patterns of JSON, of fields and of regular expressions, which are not modelled
 */
export function linesWith(pattern: string): (message: string) => boolean {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const optional: string[] = [];
  for (let rest = pattern.trim(); rest !== ""; ) {
    const found = term.exec(rest);
    if (!found) {
      throw new ServiceError(
        "InvalidParameterException",
        `The emulator does not model the filter pattern ${pattern}: it takes terms such as ERROR, "timed out", -DEBUG and ?"Task timed out" only.`,
      );
    }
    const [whole, sign, quoted, plain] = found;
    const list = sign === "-" ? unwanted : sign === "?" ? optional : wanted;
    list.push((quoted ?? plain)!);
    rest = rest.slice(whole.length);
  }
  const anyOf = wanted.length + unwanted.length > 0 ? [] : optional;
  return (message) =>
    wanted.every((each) => message.includes(each)) &&
    !unwanted.some((each) => message.includes(each)) &&
    (anyOf.length === 0 || anyOf.some((each) => message.includes(each)));
}
