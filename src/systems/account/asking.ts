/** Asks an account questions that change nothing: what is not there is null, and what may not be read is noted and left out. */
import { BenchError } from "../../errors.ts";
import { isDenied } from "../../targets/refusal.ts";
import { send } from "../../targets/send.ts";
import type { Account } from "../../targets/target.ts";
import type { TemplatePath } from "../../template/template.ts";
import type { Unread } from "../system.ts";

export interface Question {
  /** the IAM action that allows it, such as `lambda:GetFunctionConcurrency` */
  action: string;
  /** what is asked for, as the subject of a sentence: `the reserved concurrency of worker` */
  what: string;
  /** to the property in the system that is missing without an answer */
  path?: TemplatePath | null;
  /** true: the caller says by itself that the answer is missing */
  isQuiet?: boolean;
}

const serviceNames: Readonly<Record<string, string>> = {
  cloudformation: "CloudFormation",
  cloudwatch: "CloudWatch",
  events: "EventBridge",
  kinesis: "Kinesis",
  lambda: "Lambda",
  sns: "SNS",
  sqs: "SQS",
};

/** Names of the refusals that say that there is no such thing. A stack that is not there is told in the message. */
const missingErrors =
  /^(ResourceNotFound(Exception)?|NotFound(Exception)?|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)$/;
const missingStack = /does not exist/;

/** No listing of an account is longer than this many pages; more of them would take minutes. */
const maximumPages = 200;

export class Asking {
  readonly unread: Unread[] = [];

  constructor(
    readonly account: Account,
    /** such as `stack orders`, in place of a file */
    readonly origin: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** Throttling and passing faults are waited out. @throws BenchError `target-failed` for refusals that are neither about a permission nor about something missing */
  async ask<Answer>(question: Question, request: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await this.require(question, request);
    } catch (failure) {
      if (isMissing(failure)) return null;
      if (!isDenied(failure)) throw failure;
      const { action, what, path = null, isQuiet = false } = question;
      if (isQuiet) return null;
      this.note(path, `${what} could not be read, because ${action} is denied; ${policyCure}`);
      return null;
    }
  }

  /** As `ask`, for something without which nothing is known. @throws BenchError also where it is missing or denied */
  async require<Answer>({ action, what }: Question, request: () => Promise<Answer>): Promise<Answer> {
    const service = serviceNames[action.split(":")[0]!] ?? action;
    const failure = `${what.slice(0, 1).toUpperCase()}${what.slice(1)} could not be read (${action})`;
    return send(this.account, request, { service, failure, ...(this.signal && { signal: this.signal }) });
  }

  /** All pages of a listing; null: it is not there, or may not be read. */
  async list<Answer, Item>(
    question: Question,
    request: (token: string | undefined) => Promise<Answer>,
    pageOf: (answer: Answer) => { items: readonly Item[] | undefined; next: string | undefined },
  ): Promise<Item[] | null> {
    const items: Item[] = [];
    let token: string | undefined;
    for (let page = 1; ; page++) {
      const answer = await this.ask(question, () => request(token));
      if (answer === null) return null;
      const { items: found = [], next } = pageOf(answer);
      items.push(...found);
      if (next === undefined || next === "" || next === token) return items;
      if (page === maximumPages) {
        this.note(question.path ?? null, `${question.what}: only the first ${maximumPages} pages were read`);
        return items;
      }
      token = next;
    }
  }

  /** @param message a sentence without a full stop */
  note(path: TemplatePath | null, message: string): void {
    this.unread.push({ place: { file: this.origin, line: 1 }, path, message });
  }
}

/** ends a sentence */
export const policyCure = "the policy `throttle-bench doctor --policy read` allows it";

export function isMissing(failure: unknown): boolean {
  if (!(failure instanceof BenchError) || !(failure.cause instanceof Error)) return false;
  const { name, message } = failure.cause;
  return missingErrors.test(name) || (name === "ValidationError" && missingStack.test(message));
}
