/** Asks an account hostile requests, and tells which of them it did not answer as AWS could have. */
import { textOf } from "../../../src/emulator/wire/message.ts";
import { type Asked, prepared } from "./an-account.ts";
import { faultIn } from "./judgement.ts";
import { mutated, randomOf } from "./mutation.ts";
import { type OperationRequest, sdkRequest } from "./sdk-requests.ts";

export interface Fuzzed {
  tried: number;
  held: number;
  /** The operations that were asked, such as `SQS SendMessage (query)`. */
  asked: ReadonlySet<string>;
  /** How many of the answers were not refusals. */
  taken: number;
  /** The first request that did not hold, with what was wrong; null: all held. */
  fault: string | null;
}

/** Hostile requests leave less and less to be asked for, so that a new account is opened after so many. */
const requestsPerAccount = 400;
/** An answer that takes longer, on a machine that others use too, would be one that freezes. */
const mostMs = 10_000;

export interface Fuzzing {
  count: number;
  seed: number;
  open(seed: number): Promise<Asked & { close(): Promise<void> }>;
}

export async function fuzz({ count, seed, open }: Fuzzing): Promise<Fuzzed> {
  const asked = new Set<string>();
  const fuzzed = { tried: 0, held: 0, asked, taken: 0, fault: null as string | null };
  for (let round = 0; fuzzed.tried < count && fuzzed.fault === null; round++) {
    const account = await open(seed + round);
    try {
      const requests = await prepared(account);
      const health = await sdkRequest("STS", "GetCallerIdentity", {});
      const random = randomOf(seed + round);
      // Each operation comes in turn, from another one on in each account.
      for (let index = 0; index < requestsPerAccount && fuzzed.tried < count && fuzzed.fault === null; index++) {
        const valid = requests[(fuzzed.tried + round) % requests.length]!;
        const request = { ...valid, wire: mutated(valid.wire, random) };
        asked.add(`${request.service} ${request.operation} (${request.protocol})`);
        const answered = async () => {
          const startedAt = performance.now();
          const answer = await account.ask(request.wire);
          const ms = performance.now() - startedAt;
          if (answer.statusCode < 300) fuzzed.taken++;
          if (index % 20 === 0) await account.sleep(60_000);
          const { statusCode } = await account.ask(health);
          if (statusCode !== 200) return `afterwards the account answers with ${statusCode}`;
          return faultIn(answer) ?? (ms > mostMs ? `the answer took ${Math.round(ms)} ms` : null);
        };
        const fault = await answered().catch((thrown: unknown) => `it is not answered: ${(thrown as Error).stack}`);
        fuzzed.tried++;
        if (fault === null) fuzzed.held++;
        else fuzzed.fault = `${fault}\n${shown(request)}\n(account ${seed + round}, request ${index})`;
      }
    } finally {
      await account.close();
    }
  }
  return fuzzed;
}

function shown({ service, operation, protocol, wire }: OperationRequest): string {
  const { method, path, query, headers, body } = wire;
  const target = headers["x-amz-target"] ?? "";
  const line = `${method} ${path.slice(0, 200)} ${JSON.stringify(query).slice(0, 500)} ${target}`;
  return `${service} ${operation} (${protocol}): ${line}\n${textOf(body).slice(0, 3_000)}`;
}
