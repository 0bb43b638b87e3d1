/** JSON that a request is, or carries in a text. */

/**
 * AWS's services read JSON with Jackson, whose readers go no deeper unless they are told to:
 * https://github.com/FasterXML/jackson-core/wiki/StreamReadConstraints. Whatever walks a value that was read here may call itself.
 */
const deepestLevel = 1_000;

/** undefined: the text is no JSON, or is nested too deeply. */
export function jsonIn(text: string): unknown {
  try {
    return jsonOf(text);
  } catch {
    return undefined;
  }
}

/** @throws SyntaxError for a text that is no JSON, or that is nested too deeply. */
export function jsonOf(text: string): unknown {
  if (text.length > 2 * deepestLevel) requireShallow(text);
  return JSON.parse(text);
}

/** It looks at each character once, where an expression would come back to a text that does not end. @throws SyntaxError */
function requireShallow(text: string): void {
  let level = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (isInText) {
      if (character === backslash) at++;
      else if (character === quote) isInText = false;
    } else if (character === quote) isInText = true;
    else if (character === openBracket || character === openBrace) level++;
    else if (character === closeBracket || character === closeBrace) level--;
    if (level > deepestLevel) {
      throw new SyntaxError(`Document nesting depth (${level}) exceeds the maximum allowed (${deepestLevel})`);
    }
  }
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [...'"\\[]{}'].map((each) =>
  each.charCodeAt(0),
);
