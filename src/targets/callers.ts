/**
 * Who may call a served model: AWS clients, and no page in a browser. A page would need no password and no cure for CORS, only a form that
 * posts to this machine, or a name of its own that it lets lead here.
 */
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";

const loopbackNames = ["localhost", "127.0.0.1", "::1"];
/** Listening at these is listening at every address of the machine. */
const everyAddress = ["0.0.0.0", "::"];

export class Callers {
  readonly #names: ReadonlySet<string>;
  readonly #takesAddresses: boolean;

  /** `host`: at which the server listens; `further`: names by which it is reached besides. */
  constructor(host: string, further: readonly string[] = []) {
    this.#takesAddresses = everyAddress.includes(host);
    const own = this.#takesAddresses ? [hostname()] : [host];
    this.#names = new Set([...loopbackNames, ...own, ...further].map((name) => name.toLowerCase()));
  }

  /** Why the request is refused, in a sentence; null: it is not. */
  refusal(headers: IncomingHttpHeaders): string | null {
    const { origin, "sec-fetch-site": site = "none" } = headers;
    // Browsers send an origin with every request that is not of the page's own host, but for images and the like; no AWS client sends any.
    // "none" is an address that the user has typed.
    if (origin !== undefined || site !== "none") {
      return "A page in a browser may not call the local model; ask it with an AWS client, such as the AWS CLI.";
    }
    const name = nameIn(headers.host ?? "");
    if (this.#names.has(name) || (this.#takesAddresses && isIP(name) !== 0)) return null;
    return `The local model does not answer to the host ${JSON.stringify(name)}; ask for it by its own address, or start it with --allow-host ${name || "<name>"}.`;
  }
}

/** The host without its port and its brackets, in lower case. */
function nameIn(host: string): string {
  return host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}
