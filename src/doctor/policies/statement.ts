/** The parts of a policy: statements, and the resources to which they are narrowed by name. */

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: readonly string[];
  Resource: string | readonly string[];
  Condition?: Record<string, Record<string, string | readonly string[]>>;
}

/**
 * The actions that the handlers of a resource type call with the caller's permissions, to create, update, read and delete. They are
 * listed by the Sid of the statement that allows them. Types share statements, whose resources and conditions are the same everywhere.
 */
export interface ResourceActions {
  [sid: string]: Omit<Statement, "Sid" | "Effect">;
}

/** The names that CloudFormation makes begin with the stack's, and may be cut off at their end. */
export const named = {
  stack: "arn:aws:cloudformation:*:*:stack/throttle-bench-*/*",
  function: "arn:aws:lambda:*:*:function:throttle-bench-*",
  mapping: "arn:aws:lambda:*:*:event-source-mapping:*",
  topic: "arn:aws:sns:*:*:throttle-bench-*",
  queue: "arn:aws:sqs:*:*:throttle-bench-*",
  stream: "arn:aws:kinesis:*:*:stream/throttle-bench-*",
  role: "arn:aws:iam::*:role/throttle-bench-*",
  logGroup: "arn:aws:logs:*:*:log-group:throttle-bench-*",
  eventBus: "arn:aws:events:*:*:event-bus/throttle-bench-*",
  /** A rule of another bus than the default one has the bus before its name. */
  rule: "arn:aws:events:*:*:rule/throttle-bench-*",
  connection: "arn:aws:events:*:*:connection/throttle-bench-*",
  apiDestination: "arn:aws:events:*:*:api-destination/throttle-bench-*",
  /** EventBridge keeps a connection's key in a secret that it names after the connection. */
  connectionSecret: "arn:aws:secretsmanager:*:*:secret:events!connection/throttle-bench-*",
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
