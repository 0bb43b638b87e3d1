/** The proxy to AWS that the environment names, by the rules of the AWS CLI. */
import type { WebProxy } from "../../targets/proxy.ts";
import { badUsage } from "../flags/values.ts";
import { isLoopback } from "./address.ts";

const protocols = ["http:", "https:"];

/** null: there is none. Throws `bad-usage` for what is no proxy of HTTP, before anything is asked of AWS. */
export function proxyOf(environment: NodeJS.ProcessEnv): WebProxy | null {
  const variable = (name: string) => environment[name.toLowerCase()] || environment[name] || "";
  const given = variable("HTTPS_PROXY");
  if (given === "") return null;
  const text = given.includes("://") ? given : `http://${given}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  // Its text is not quoted, because it may hold a password.
  if (url === null || !protocols.includes(url.protocol) || url.hostname === "") {
    throw badUsage(
      "HTTPS_PROXY is no proxy of HTTP; write http://host:port, with user:password@ where it asks for them, or unset it.",
    );
  }
  const exempt = variable("NO_PROXY")
    .split(/[,\s]+/)
    .filter((each) => each !== "");
  return {
    url,
    // This machine is never reached by way of another, whatever the variables say.
    isExempt: (hostname, port = 443) =>
      isLoopback(hostname) || exempt.some((pattern) => covers(pattern, hostname, port)),
  };
}

/** `*`, a host with those below it, each with or without a dot or an asterisk before it and a port behind it. */
function covers(pattern: string, hostname: string, port: number): boolean {
  if (pattern === "*") return true;
  const [, name, ofPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase())!;
  const host = hostname.toLowerCase();
  const isOfPort = ofPort === undefined || Number(ofPort) === port;
  return isOfPort && name !== "" && (host === name || host.endsWith(`.${name}`));
}
