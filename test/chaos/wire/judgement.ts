/** Judges an answer to a hostile request: one that AWS could have given. */
import { XMLValidator } from "fast-xml-parser";
import { textOf, type WireResponse } from "../../../src/emulator/wire/message.ts";

/** A body or a header that is too large, which the server refuses before it knows the service. */
const saidByStatus = new Set([413, 431]);

/** Tells what is wrong with the answer; null: it holds. */
export function faultIn({ statusCode, headers, body }: WireResponse): string | null {
  if (statusCode >= 500 || statusCode < 200) return `it is answered with ${statusCode}: ${textOf(body).slice(0, 300)}`;
  const type = headers["content-type"] ?? "";
  const text = textOf(body);
  const isError = statusCode >= 300;
  if (type.startsWith("text/xml")) return faultInXml(text, isError);
  if (body.length === 0)
    return isError && !saidByStatus.has(statusCode) ? `an error of ${statusCode} says nothing` : null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    return `the answer is no JSON: ${text.slice(0, 300)}`;
  }
  if (!isError) return null;
  const code = headers["x-amzn-errortype"] ?? value.__type;
  const message = value.message ?? value.Message;
  if (typeof code === "string" && code !== "" && typeof message === "string" && message !== "") return null;
  return `an error of ${statusCode} has no code or no message: ${text.slice(0, 300)}`;
}

function faultInXml(text: string, isError: boolean): string | null {
  const valid = XMLValidator.validate(text);
  if (valid !== true) return `the answer is no XML (${valid.err.msg}): ${text.slice(0, 300)}`;
  // https://www.w3.org/TR/xml/#charsets
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.exec(text);
  if (forbidden) return `the XML has the character ${forbidden[0].charCodeAt(0)}, which XML has not`;
  if (!isError) return null;
  return /<Error><Type>(Sender|Receiver)<\/Type><Code>[^<]+<\/Code><Message>[^<]+<\/Message>/.test(text)
    ? null
    : `an error is not of AWS's form: ${text.slice(0, 300)}`;
}
