/** The words of each caveat: the doubt, and a cure where there is one. */
import type { Caveat, NumberOrigin, Outcome, SeedCount } from "../model.ts";
import { originWords } from "./assumptions.ts";
import { capitalised } from "./text.ts";
import { seedsText } from "./words.ts";

/** A sentence that names more is not read. */
const seedsNamed = 10;

const whyMissing: Record<Outcome, string> = {
  drained: "the queues were empty and nothing more arrived.",
  quiet: "the queues were empty and nothing more arrived.",
  timeout: "the wait ended first, and they may still arrive; give --timeout more.",
  interrupted: "the run was interrupted first.",
};

/** By the number's name: how many of what came to what by it. */
const decisionWords: Record<string, (count: number, value: number | "none") => string> = {
  "database.maximumConnections": (count, value) =>
    `${count === 1 ? "One connection was" : `${count} connections were`} refused, because the model's database takes ${value} at once`,
  "database.connectMs": (count) =>
    `${count === 1 ? "One invocation" : `${count} invocations`} timed out while connecting to the model's database`,
  "lambda.accountConcurrency": (count, value) =>
    `${count === 1 ? "One invocation was" : `${count} invocations were`} throttled by the account's quota of ${value}, not by a reservation`,
  "mapping.throttlePolicy": (count) =>
    `${capitalised(events(count))} failed or ${count === 1 ? "is" : "are"} missing in a run with throttles, and what a mapping does with a throttled batch is not known for sure`,
};

/** Says how to try another value of a number. */
function otherValue(name: string, value: number | "none", origin: NumberOrigin): string {
  if (name === "mapping.throttlePolicy") return `; --assume ${name}=${value === 0 ? 1 : 0} shows the other way`;
  return origin === "given" ? "" : "; --assume gives your own";
}

type Words = { [Code in Caveat["code"]]: (caveat: Extract<Caveat, { code: Code }>) => string };

const words: Words = {
  prediction: ({ platform, seed, seeds }) =>
    `A prediction of the local model (AWS's limits of ${platform}, ${seedsText(seeds ?? [seed])}), no measurement; --target aws measures.`,
  calibrated: ({ profile, measuredAt, endpoint, constants }) =>
    `${constants} of the model's numbers ${constants === 1 ? "is that" : "are those"} of the profile ${profile}, fitted to runs of ${measuredAt.slice(0, 10)}${endpoint === null ? "" : ` at ${endpoint}, not at AWS's own endpoints`}; an account may have changed since.`,
  "other-endpoint": ({ endpoint }) =>
    `It ran at ${endpoint}, not at AWS's own endpoints, so the result is that of whatever answers there.`,
  "assumption-implausible": ({ name, value, range: [low, high] }) =>
    `${name}=${value} was given, and ${low} to ${high} is plausible; the model was never held against such a number.`,
  "assumption-decided": ({ name, value, origin, count }) =>
    `${(Object.hasOwn(decisionWords, name) ? decisionWords[name]!(count, value) : null) ?? `${name} decided ${count} times what became of an event`} (${name}=${value}, ${originWords[origin]})${otherValue(name, value, origin)}.`,
  "not-all-published": ({ failed }) =>
    `The topic did not take ${events(failed)}; ${failed === 1 ? "it was" : "they were"} never on the way.`,
  "shards-unreported": ({ events: count, why }) =>
    `${why ?? `The producer of ${events(count)} did not report.`} What became of ${why === null ? (count === 1 ? "it" : "them") : events(count)} is known by the rows alone.`,
  "shards-failed": ({ events: count, why }) =>
    `${capitalised(events(count))} ${count === 1 ? "was" : "were"} not fired, or not as ${count === 1 ? "it" : "they"} should have been. ${why}`,
  "requests-repeated": ({ requests }) =>
    `Some requests failed for a while and were sent again: ${requests
      .map(
        ({ service, times, reason }) =>
          `${service} ${times === 1 ? "once" : `${times} times`} (${reason.replace(/\.$/, "")})`,
      )
      .join(", ")}.`,
  "events-missing": ({ missing, outcome, seeds }) =>
    `${capitalised(events(missing))}${bySeed(seeds)} reached neither the database nor a dead-letter queue: ${whyMissing[outcome]}`,
  "rows-elsewhere": ({ invocations }) =>
    `${invocations === 1 ? "One invocation" : `${invocations} invocations`} of the consumer ended without an error, and this database has no row of the run: see that the functions write to the same one, by FUNCTIONS_DATABASE_URL or by the URL that the template gives them.`,
  duplicates: ({ duplicates, seeds }) =>
    `${duplicates === 1 ? `1 insert${bySeed(seeds)} repeats an event that` : `${duplicates} inserts${bySeed(seeds)} repeat events that`} had completed already: delivery is at least once.`,
  "dead-letters-completed": ({ completed, deadLetters, seeds }) =>
    `The dead-letter queue got ${deadLetters === 1 ? "1 message" : `${deadLetters} messages`}, ${completed} of them${bySeed(seeds)} of events that completed all the same and so have not failed: a redrive would repeat these.`,
  "concurrency-disagrees": ({ cloudWatch, overlap }) =>
    `CloudWatch saw a concurrency of ${cloudWatch}, the rows show ${overlap} overlapping invocations; it samples, and an invocation that failed leaves no row.`,
  "metric-missing": ({ metric }) =>
    `CloudWatch had no data for ${metric}, so the figures that need it are shown as missing; its points can come minutes late.`,
  "metrics-incomplete": () =>
    "CloudWatch did not show all of the run's minutes when it was read, so its figures may be too low; on an account, `report --refresh` asks again.",
  "metrics-unreadable": ({ why }) =>
    `CloudWatch could not be read (${why.replace(/\.$/, "")}), so the figures that need it are shown as missing; on an account, \`report --refresh\` asks again.`,
  "settings-differ": ({ settings }) =>
    `Other settings than the published result's: ${settings
      .map(({ name, value, published }) => `${name} ${value} (published: ${published})`)
      .join(", ")}.`,
  "events-differ": ({ events, published }) =>
    `The published result is of one burst of ${published} events, this run of ${events} events: counts and times do not compare.`,
  "platform-differs": ({ platform, published }) =>
    `AWS's limits of ${platform} are modelled, the published result is of ${published}; --platform ${published} models that year.`,
  "numbers-differ": ({ numbers }) =>
    `${numbers.map(({ name, value }) => `${name}=${value}`).join(", ")} ${numbers.length === 1 ? "was" : "were"} given, and the published result has an account and a downstream of its own.`,
};

export function caveatText<Code extends Caveat["code"]>(caveat: Extract<Caveat, { code: Code }>): string {
  return words[caveat.code as Code](caveat);
}

function events(count: number): string {
  return count === 1 ? "one event" : `${count} events`;
}

/** ` (2 with seed 3, 1 with seed 8)`; a single run needs no such words. */
function bySeed(seeds: SeedCount[] | null): string {
  if (seeds === null) return "";
  const named = seeds.slice(0, seedsNamed).map(({ seed, count }) => `${count} with seed ${seed}`);
  const others = seeds.slice(seedsNamed);
  const rest = others.reduce((sum, { count }) => sum + count, 0);
  return ` (${[...named, ...(others.length > 0 ? [`${rest} with ${others.length} other seeds`] : [])].join(", ")})`;
}
