/** Addresses: which are this machine's own, and from which one it is seen. */
import { isIPv4 } from "node:net";
import { BenchError, messageOf } from "../../errors.ts";

/** AWS answers here with the address that it is asked from. */
const asked = "https://checkip.amazonaws.com";
const askedTimeoutMs = 5_000;
/** A shorter prefix lets more addresses in than one caller, or one company, has. */
const shortestPrefix = 16;

/** True for a host that only this machine reaches: 127.0.0.0/8, ::1 and the name for them. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** True for a database's URL that names this machine, by loopback or by a socket. */
export function isOnThisMachine(databaseUrl: string): boolean {
  if (!URL.canParse(databaseUrl)) return false;
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = hostname || searchParams.get("host") || "localhost";
  return host.startsWith("/") || isLoopback(host);
}

/**
 * The addresses of the caller as a CIDR range, by the flag or, where there is none, by asking AWS. Throws `bad-usage` for what is no
 * IPv4 range, or one that lets everybody in; `target-failed` when nobody answers.
 */
export async function callerAddress(
  flag: string | undefined,
  ask: (url: string) => Promise<string> = answerOf,
): Promise<string> {
  if (flag !== undefined) return checkedRange(flag);
  const answer = await ask(asked).catch((cause) => {
    throw new BenchError(
      "target-failed",
      `The address that this machine is seen from is not known (${asked}: ${messageOf(cause)}); give it with --address, such as 203.0.113.7/32.`,
      { cause },
    );
  });
  if (isIPv4(answer.trim())) return `${answer.trim()}/32`;
  throw new BenchError(
    "target-failed",
    `The address that this machine is seen from is not known (${asked} gave no IPv4 address); give it with --address, such as 203.0.113.7/32.`,
  );
}

function checkedRange(text: string): string {
  const [, address = "", prefix = "32"] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  if (!isIPv4(address) || Number(prefix) > 32) {
    throw new BenchError(
      "bad-usage",
      `--address ${JSON.stringify(text)} is no IPv4 address or range; give one such as 203.0.113.7 or 203.0.113.0/24.`,
    );
  }
  if (Number(prefix) < shortestPrefix) {
    throw new BenchError(
      "bad-usage",
      `--address ${text} lets too many in; give a range of at most /${shortestPrefix}, or the one address that this machine is seen from.`,
    );
  }
  return `${address}/${prefix}`;
}

async function answerOf(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(askedTimeoutMs) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}
