/** A contract test says how we know what it claims about AWS: the tag at the end of its name. */
import { it } from "vitest";

type Body = () => void | Promise<void>;

/** AWS's documentation says so; `url` is the page. */
export function documented(url: string, name: string, body: Body): void {
  it(`${name} [documented: ${url}]`, body);
}

/** Somebody saw it on AWS; `source` says who and where. */
export function measured(source: string, name: string, body: Body): void {
  it(`${name} [measured: ${source}]`, body);
}

/** AWS does not publish it; `why` says what speaks for it. */
export function assumed(why: string, name: string, body: Body): void {
  it(`${name} [assumed: ${why}]`, body);
}
