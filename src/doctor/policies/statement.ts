/** The parts of a policy: statements, and the resources that they can be narrowed to by name. */

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: readonly string[];
  Resource: string | readonly string[];
  Condition?: Record<string, Record<string, string | readonly string[]>>;
}

/**
 * What the handlers of a resource type call with the caller's permissions, to create, update, read and delete, by the Sid of
 * the statement that allows it; types share statements. Resources and conditions of one Sid are the same wherever it is.
 */
export interface ResourceActions {
  [sid: string]: Omit<Statement, "Sid" | "Effect">;
}

/** CloudFormation begins the names that it makes with the stack's, however much it cuts off behind. */
export const named = {
  stack: "arn:aws:cloudformation:*:*:stack/throttle-bench-*/*",
  function: "arn:aws:lambda:*:*:function:throttle-bench-*",
  mapping: "arn:aws:lambda:*:*:event-source-mapping:*",
  topic: "arn:aws:sns:*:*:throttle-bench-*",
  queue: "arn:aws:sqs:*:*:throttle-bench-*",
  role: "arn:aws:iam::*:role/throttle-bench-*",
  logGroup: "arn:aws:logs:*:*:log-group:throttle-bench-*",
  /** Its ARN ends in a hyphen and six random characters. */
  databaseSecret: "arn:aws:secretsmanager:*:*:secret:throttle-bench-database-*",
};

/** One statement for each Sid, its actions in order and without repetition. */
export function merged(types: readonly ResourceActions[]): Statement[] {
  const statements = new Map<string, Statement>();
  for (const [Sid, statement] of types.flatMap((each) => Object.entries(each))) {
    const actions = [...(statements.get(Sid)?.Action ?? []), ...statement.Action];
    statements.set(Sid, { Sid, Effect: "Allow", ...statement, Action: [...new Set(actions)].sort() });
  }
  return [...statements.values()];
}
