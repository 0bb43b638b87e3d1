/** An HTTP exchange without any HTTP library: the SDK's request handler and a loopback server both make it of theirs. */

export interface WireRequest {
  method: string;
  /** The path as it was sent: with percent-encoded labels and without the query. */
  path: string;
  query: Record<string, string | string[]>;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface WireResponse {
  statusCode: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The first value of a form's field, which is found without reading the others; null: it has none of the name. */
export function formField(body: Uint8Array, name: string): string | null {
  const text = `&${textOf(body)}`;
  const start = text.indexOf(`&${name}=`) + 1;
  if (start === 0) return null;
  const end = text.indexOf("&", start);
  return new URLSearchParams(text.slice(start, end === -1 ? undefined : end)).get(name);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
