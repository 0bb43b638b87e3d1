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

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
