/** The words of what failed in a run: how often, by which cause, and which setting to change. */
import type { CountedErrors, ErrorCause, RunRecord, Settings } from "../model.ts";

/** The settings that take part in a cause, of a shipped scenario; a template of a user's own may have others. */
interface Words {
  /** continues `3 …` */
  what: (count: number) => string;
  /** `set`: names the settings of the run among these, or else says it in the last words; `settings`: the run's */
  cure: (set: (names: string[], otherwise: string) => string, settings: Settings) => string;
}

const counted = (one: string, many: string) => (count: number) => (count === 1 ? one : many);

const fewer = (set: Parameters<Words["cure"]>[0]) =>
  set(["ReservedConcurrency", "MaximumConcurrency"], "the consumer's concurrency");

const words: Record<ErrorCause, Words> = {
  "timed-out": {
    what: counted("invocation timed out", "invocations timed out"),
    cure: (set, settings) =>
      `raise ${set(["ConsumerTimeout"], "the consumer's Timeout")}, or lower ${set(lengthening(settings), "its work")}`,
  },
  connection: {
    what: counted("invocation had no connection to the database", "invocations had no connection to the database"),
    cure: (set) =>
      `lower ${fewer(set)}, or let the database take more connections (its max_connections; in the model database.maximumConnections)`,
  },
  limited: {
    what: counted("event was refused by the limiter", "events were refused by the limiter"),
    cure: (set) =>
      `each comes again, and counts a receive; ${set(["WhenRefused"], "WhenRefused")} says how, ${set(["LimiterRate"], "the limiter's rate")} how often`,
  },
  refused: {
    what: counted("call was refused by the downstream's limit", "calls were refused by the downstream's limit"),
    cure: (set) =>
      `lower ${fewer(set)}, raise ${set(["DownstreamLimit"], "the limit")}, or let the consumer wait (${set(["WhenRefused"], "WhenRefused")})`,
  },
  "failed-call": {
    what: counted("call was failed by the downstream", "calls were failed by the downstream"),
    cure: () => "FailureRate and PoisonRate say how many are",
  },
  memory: {
    what: counted("invocation ran out of memory", "invocations ran out of memory"),
    cure: (set) => `raise ${set(["ConsumerMemory"], "the consumer's MemorySize")}`,
  },
  "not-loaded": {
    what: counted("invocation could not load the consumer's code", "invocations could not load the consumer's code"),
    cure: () => "its Handler has to be consumer.handler",
  },
  thrown: {
    what: counted("failure was thrown by the consumer", "failures were thrown by the consumer"),
    cure: () => "its log group holds them all until its stack is deleted (--keep)",
  },
};

/** The settings by which an invocation takes as long as it does; one that is switched off, or below another, shortens nothing when it is lowered. */
function lengthening(settings: Settings): string[] {
  const value = (name: string) => Number(settings[name] ?? 0);
  const events = ["BatchSize", "PullCount"].filter((name) => value(name) > 1);
  const longest = Math.max(...["WorkMs", "WorkMsMax", "HoldMs"].map(value));
  const times = ["WorkMs", "WorkMsMax", "HoldMs"].filter((name) => value(name) > 0 && value(name) === longest);
  const slow = value("SlowRate") > 0 ? ["SlowFactor"] : [];
  return [...events, ...times, ...slow];
}

/** A sentence for each cause, the most frequent first; none for a run without failures. */
export function errorSentences({ errors, settings, uncertainty, details }: RunRecord): string[] {
  if (errors === null && details.errors !== null && details.errors > 0) {
    return [
      `Why ${details.errors} invocations failed is not known: the consumer's log could not be read (logs:FilterLogEvents), or an older version made the record.`,
    ];
  }
  const set = (names: string[], otherwise: string) =>
    names.filter((name) => name in settings).join(" or ") || otherwise;
  const first = uncertainty?.runs[0];
  const where = first === undefined ? "" : `With seed ${first.seed}: `;
  return (errors ?? []).map(({ cause, count, firstMessage }: CountedErrors) => {
    const { what, cure } = words[cause];
    return `${where}${count} ${what(count)} (first: ${firstMessage.replace(/[.\s]+$/, "")}); ${cure(set, settings)}.`;
  });
}
