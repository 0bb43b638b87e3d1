/** A question to start a test from: the test says what matters to it. */
import type { Question } from "../../../../src/simulation/search/question.ts";

export function aQuestion(asked: Partial<Question> = {}): Question {
  return {
    limit: "1/s",
    toleranceMs: 100,
    spike: { rate: 50, durationMs: 20_000 },
    everyMs: null,
    workMs: { from: 1_000, to: 1_000 },
    maxWaitMs: null,
    maxLoss: { amount: 0 },
    order: null,
    duplicatesTolerated: true,
    failureRate: 0,
    budgetDollars: null,
    accountConcurrency: null,
    named: [],
    model: { platform: "2026", seed: 1, profile: null, constants: {} },
    effort: 100,
    ...asked,
  };
}
