/** JSON that a request is, or carries in a text. */

/**
 * AWS's services read JSON with Jackson, whose readers go no deeper unless they are told to:
 * https://github.com/FasterXML/jackson-core/wiki/StreamReadConstraints. Whatever walks a value that was read here may call itself.
 */
const deepestLevel = 1_000;

/** The most values that the members of a request hold together: 500 queries of CloudWatch's with all their dimensions have not so many. */
export const mostValues = 60_000;

/** undefined: the text is no JSON, or is nested too deeply. */
export function jsonIn(text: string): unknown {
  try {
    return jsonOf(text);
  } catch {
    return undefined;
  }
}

/** undefined: the text is no JSON object, or is nested too deeply. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  const value = jsonIn(text);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

/** @throws SyntaxError for a text that is no JSON, or that is nested too deeply. */
export function jsonOf(text: string): unknown {
  if (text.length > 2 * deepestLevel) valuesIn(text);
  return JSON.parse(text);
}

/** Tells of a text with more than `mostValues`: each would be looked at, and complained of, on its own. */
export function isOverfull(text: string): boolean {
  try {
    return text.length > mostValues && valuesIn(text) > mostValues;
  } catch {
    return false;
  }
}

/**
 * How many values the text holds at most, if it is JSON. It looks at each character once, where an expression would come back to a
 * text that does not end. @throws SyntaxError for what is nested too deeply.
 */
function valuesIn(text: string): number {
  let level = 0;
  let values = 1;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (isInText) {
      if (character === backslash) at++;
      else if (character === quote) isInText = false;
    } else if (character === quote) isInText = true;
    else if (character === comma) values++;
    else if (character === closeBracket || character === closeBrace) level--;
    else if (character === openBracket || character === openBrace) {
      level++;
      values++;
    }
    if (level > deepestLevel) {
      throw new SyntaxError(`Document nesting depth (${level}) exceeds the maximum allowed (${deepestLevel})`);
    }
  }
  return values;
}

const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = [...'"\\,[]{}'].map((each) =>
  each.charCodeAt(0),
);
