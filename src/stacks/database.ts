/** The stack of the benchmark's own Postgres, which is made once for an account and region and found there by its name. */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { BenchError } from "../errors.ts";
import type { StackEvent } from "../model.ts";
import { send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import { deployStack } from "./deployment.ts";
import { findStack, kindOf, type Stack } from "./stack.ts";
import { databaseTags } from "./tags.ts";

export const databaseStackName = "throttle-bench-database";

export interface DatabaseStack {
  /** CloudFormation's, such as `CREATE_COMPLETE`. */
  status: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** null: the database is not there yet, or no longer. */
  database: DatabaseAddress | null;
}

export interface DatabaseAddress {
  host: string;
  port: number;
  name: string;
  /** ARN of the secret that holds user and password. */
  secret: string;
  vpc: { subnetIds: string[]; securityGroupIds: string[] };
  /** The CIDR range of those who may connect from outside its network. */
  callerAddress: string;
  instanceClass: string;
}

/** null: there is none. Throws BenchError `bad-usage` for a stack of this name that throttle-bench has not made. */
export async function findDatabase(target: Account, signal?: AbortSignal): Promise<DatabaseStack | null> {
  const failure = `The stack ${databaseStackName} cannot be looked at`;
  const stack = await findStack(target, databaseStackName, { failure, signal });
  if (stack === null) return null;
  if (kindOf(stack) !== "database") {
    throw new BenchError(
      "bad-usage",
      `The stack ${databaseStackName} was not made by \`throttle-bench database up\`, and was left as it is; give --database-url.`,
    );
  }
  const { status, createdAt } = stack;
  const isThere = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status);
  return { status, createdAt, database: isThere ? addressIn(stack) : null };
}

function addressIn({ outputs }: Stack): DatabaseAddress {
  const output = (name: string) => {
    const value = outputs.get(name);
    if (value !== undefined) return value;
    throw new BenchError(
      "target-failed",
      `The stack ${databaseStackName} has no output ${name}; bring it up to date with \`throttle-bench database up\`.`,
    );
  };
  return {
    host: output("Host"),
    port: Number(output("Port")),
    name: output("Name"),
    secret: output("Secret"),
    vpc: { subnetIds: output("SubnetIds").split(","), securityGroupIds: output("SecurityGroupIds").split(",") },
    callerAddress: output("CallerAddress"),
    instanceClass: output("InstanceClass"),
  };
}

export interface DatabaseRequest {
  templateBody: string;
  /** CIDR range */
  callerAddress: string;
  instanceClass: string;
  /** AWS tells by it that a request is a repeated one. */
  clientRequestToken: string;
  signal: AbortSignal;
}

/** Creates the stack, or updates the one that is there to the address and the class. @throws BenchError as `deployStack`. */
export async function deployDatabase(
  target: Account,
  { templateBody, callerAddress, instanceClass, clientRequestToken, signal }: DatabaseRequest,
  onEvent: (event: StackEvent) => void,
): Promise<void> {
  await deployStack(
    target,
    {
      name: databaseStackName,
      templateBody,
      parameters: { CallerAddress: callerAddress, InstanceClass: instanceClass },
      tags: databaseTags({ owner: target.callerArn }),
      clientRequestToken,
      signal,
    },
    onEvent,
  );
}

const credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });

/**
 * The database's URL, never to be printed. `certificates` is the file against which the server's certificate is checked; null: it is
 * not checked, because the server is on this machine. @throws BenchError `target-failed`.
 */
export async function databaseUrl(
  target: Account,
  { host, port, name, secret }: DatabaseAddress,
  certificates: string | null,
): Promise<string> {
  const client = target.clients.get(SecretsManagerClient);
  const failure = "The database's password cannot be read";
  const { SecretString = "" } = await send(target, () => client.send(new GetSecretValueCommand({ SecretId: secret })), {
    service: "Secrets Manager",
    failure,
  });
  const parsed = credentials.safeParse(parseJson(SecretString));
  if (!parsed.success) {
    throw new BenchError("target-failed", `${failure}: the secret ${secret} holds no username and password.`);
  }
  const url = new URL(`postgresql://${host}:${port}/${name}`);
  url.username = encodeURIComponent(parsed.data.username);
  url.password = encodeURIComponent(parsed.data.password);
  if (certificates !== null) {
    url.searchParams.set("sslmode", "verify-full");
    url.searchParams.set("sslrootcert", certificates);
  }
  return url.href;
}

/** Undefined: the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
