/**
 * The IAM policies are exactly enough: what the sources call and what a run sends is allowed, nothing more is, and every
 * resource type of the templates has its actions. Which these are is in `handler-permissions.test.ts`, how narrow they can be in
 * `service-authorization.test.ts`; no account has confirmed them yet.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { actionsOfTypes, policyNames, policyOf } from "../../src/doctor/policies.ts";
import type { PolicyDocument, Statement } from "../../src/emulator/account.ts";
import { isAllowed } from "../../src/emulator/iam/roles.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { databaseStackName, databaseUrl, deployDatabase, findDatabase } from "../../src/stacks/database.ts";
import { deleteStack } from "../../src/stacks/deletion.ts";
import { deployStack, type StackRequest } from "../../src/stacks/deployment.ts";
import { ownStacks, resourcesOf } from "../../src/stacks/stack.ts";
import { runTags } from "../../src/stacks/tags.ts";
import { Clients } from "../../src/targets/clients.ts";
import { openLocal } from "../../src/targets/local.ts";
import type { Target } from "../../src/targets/target.ts";
import { readTemplate } from "../../src/template/sections.ts";
import type { TemplateMap } from "../../src/template/template.ts";
import { openDatabase } from "../postgres/a-database.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { type ShippedTemplate, shippedTemplates } from "./shipped-templates.ts";

/** The most characters of a managed policy, white space not counted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const maxPolicyCharacters = 6_144;

const root = fileURLToPath(new URL("../..", import.meta.url));

async function textsOf(folder: string, name: RegExp): Promise<string[]> {
  const files = await readdir(join(root, folder), { recursive: true });
  const wanted = files.filter((file) => name.test(file) && !file.startsWith("emulator/"));
  return Promise.all(wanted.map((file) => readFile(join(root, folder, file), "utf8")));
}

const prefixes: Record<string, string> = {
  cloudformation: "cloudformation",
  cloudwatch: "cloudwatch",
  "cloudwatch-logs": "logs",
  eventbridge: "events",
  iam: "iam",
  kinesis: "kinesis",
  lambda: "lambda",
  "secrets-manager": "secretsmanager",
  sns: "sns",
  sqs: "sqs",
  sts: "sts",
};

/** Operations that are another action, or none. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
const actionOfOperation: Record<string, string> = {
  "lambda:Invoke": "lambda:InvokeFunction",
  "sns:PublishBatch": "sns:Publish",
  "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
  "sqs:SendMessageBatch": "sqs:SendMessage",
};

/** Called, and in no policy. */
const needless: Record<string, string> = {
  "sts:GetCallerIdentity": "needs no permission, and cannot be denied",
  "iam:SimulatePrincipalPolicy": "doctor goes without where it is denied",
};

/** In a policy, and no command's name. */
const implied: Record<string, string> = {
  "cloudformation:SetStackPolicy": "CreateStack and UpdateStack with a StackPolicyBody",
  "cloudformation:TagResource": "CreateStack with Tags",
};

/** The actions of every `new XCommand(` in the texts, by the client that the file imports it from. */
function actionsIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => {
    const clients = [...text.matchAll(/\{([^{}]*)\}\s*=?\s*(?:from|await import\()\s*"@aws-sdk\/client-([a-z-]+)"/g)];
    return [...text.matchAll(/new (\w+)Command\(/g)].map(([, operation]) => {
      const client = clients.find(([, names]) => new RegExp(`\\b${operation}Command\\b`).test(names!))?.[2];
      const action = `${prefixes[client ?? ""] ?? `unknown client of ${operation}`}:${operation}`;
      return actionOfOperation[action] ?? action;
    });
  });
  return [...new Set(found)].sort();
}

const actionsOf = (policy: ReturnType<typeof policyOf>) =>
  new Set(policy.Statement.flatMap(({ Action }) => [...Action]));

const scenarioTexts = shippedTemplates.filter(({ policy }) => policy === "deploy").map(({ text }) => text);

describe("the sources", () => {
  it("call nothing that the run policy does not hold, and it holds nothing that they do not call", async () => {
    const called = actionsIn(await textsOf("src", /^(?!.*systems\/account\/).*\.ts$/));
    expect(called.length).toBeGreaterThan(10);
    const needed = called.filter((action) => !(action in needless));
    expect([...needed, ...Object.keys(implied)].sort()).toEqual([...actionsOf(policyOf("run"))].sort());
  });

  it("read of somebody's own system nothing that the read policy does not hold, and it holds nothing else", async () => {
    const called = actionsIn(await textsOf("src/systems/account", /\.ts$/));
    expect(called.length).toBeGreaterThan(10);
    expect(called).toEqual([...actionsOf(policyOf("read"))].sort());
  });

  it("call nothing in the functions that the templates' own roles do not hold", async () => {
    const called = actionsIn(await textsOf("infra/handlers/aws", /\.ts$/));
    const templates = scenarioTexts.join("\n");
    expect(called).toContain("sns:Publish");
    expect(called.filter((action) => !templates.includes(action))).toEqual([]);
  });
});

describe("the templates", () => {
  const typesUnder = (policy: ShippedTemplate["policy"]) => {
    const templates = shippedTemplates.filter((each) => each.policy === policy);
    const types = templates.flatMap(({ text }) => readTemplate(text).resources.map(({ type }) => type));
    return [...new Set(types)].sort();
  };

  it("have no resource type without its actions in the deploy policy, and it has none that they lack", () => {
    expect(typesUnder("deploy")).toEqual(Object.keys(actionsOfTypes.deploy).sort());
  });

  it("have no type of the database's without its actions in the database policy, and it has none that it lacks", () => {
    expect(typesUnder("database")).toEqual(Object.keys(actionsOfTypes.database).sort());
  });

  it("give the functions' roles no wildcard outside of a VPC, and each its own resources only", () => {
    for (const text of scenarioTexts) {
      const roles = readTemplate(text).resources.filter(({ type }) => type === "AWS::IAM::Role");
      expect(roles.length).toBeGreaterThanOrEqual(3);
      // `templates.test.ts` holds the permissions of a network in a VPC to the letter.
      const always = roles.map(({ properties }) =>
        (properties.Policies as TemplateMap[]).filter((policy) => !Object.hasOwn(policy, "Fn::If")),
      );
      expect(always.every(({ length }) => length > 0)).toBe(true);
      const policies = JSON.stringify(always);
      expect(policies).not.toContain("*");
      expect(policies).not.toContain("ManagedPolicyArns");
    }
  });
});

describe.each(policyNames)("the policy %s", (name) => {
  const policy = policyOf(name, ["us-east-1"]);

  it("fits a managed policy, region and all", () => {
    expect(JSON.stringify(policy).replace(/\s/g, "").length).toBeLessThanOrEqual(maxPolicyCharacters);
  });

  it("keeps to IAM's grammar, with no wildcard in an action and each statement named once", () => {
    const sids = policy.Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const { Sid, Action, Resource } of policy.Statement) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      for (const action of Action) expect(action).toMatch(/^[a-z][a-z0-9]*:[A-Z][A-Za-z]+$/);
      for (const arn of [Resource].flat()) expect(arn).toMatch(/^(\*|arn:aws:[a-z][a-z0-9]*:\*?:\*:.+)$/);
    }
  });

  it("narrows to our own names whatever has a name", () => {
    const wide = policy.Statement.filter(({ Resource }) =>
      [Resource].flat().some((arn) => !arn.includes("throttle-bench-")),
    );
    const expected = {
      run: ["DescribeStacks", "WithoutResource"],
      // Whatever is read is the account's own.
      read: policyOf("read").Statement.map(({ Sid }) => Sid),
      deploy: [
        "DescribeNetworks",
        "RoleOfApiDestinations",
        "CreateMappings",
        "Mappings",
        "MappingsByRandomId",
        "SearchLogGroups",
      ],
      database: [
        "CreateVpc",
        "TagCreated",
        "Networks",
        "WithoutResource",
        "CreateParts",
        "CreateInVpc",
        "DefaultOptions",
        "RoleOfRds",
      ],
    };
    expect(wide.map(({ Sid }) => Sid)).toEqual(expected[name]);
  });

  it("holds in the region that it is made for, but for IAM, which is in none", () => {
    for (const { Action, Condition } of policy.Statement) {
      const isIam = Action.every((action) => action.startsWith("iam:"));
      expect(Condition?.StringEquals?.["aws:RequestedRegion"]).toEqual(isIam ? undefined : ["us-east-1"]);
    }
  });
});

it("says the same of a statement's resources and conditions for whichever resource type it is", () => {
  for (const types of Object.values(actionsOfTypes)) {
    const statements = new Map<string, unknown>();
    for (const [sid, { Action, ...rest }] of Object.values(types).flatMap((each) => Object.entries(each))) {
      expect(rest).toEqual(statements.get(sid) ?? rest);
      statements.set(sid, rest);
    }
    expect(statements.size).toBeGreaterThan(5);
  }
});

it("lets a role be passed to Lambda and EventBridge alone", () => {
  const passing = policyNames
    .flatMap((name) => policyOf(name).Statement)
    .filter(({ Action }) => Action.includes("iam:PassRole"));
  const services = ["lambda.amazonaws.com", "events.amazonaws.com"];
  expect(passing).toEqual([
    expect.objectContaining({
      Action: ["iam:PassRole"],
      Condition: { StringEquals: { "iam:PassedToService": services } },
    }),
  ]);
});

interface Call {
  action: string;
  resource: string;
}

interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

const account = "us-east-1:123456789012";

/** The action and resource that IAM would look up for a request, by the Service Authorization Reference. */
function callOf({ method, path, headers, body }: HttpRequest): Call {
  const form = new URLSearchParams(typeof body === "string" ? body : "");
  const action = form.get("Action");
  if (action !== null) {
    const stack = form.get("StackName") ?? "*";
    const resource = stack.startsWith("arn:") ? stack : `arn:aws:cloudformation:${account}:stack/${stack}/*`;
    return { action: `cloudformation:${action}`, resource: action === "ValidateTemplate" ? "*" : resource };
  }
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === "x-amz-target")?.[1];
  const json = () => JSON.parse(new TextDecoder().decode(body as Uint8Array));
  if (target?.startsWith("secretsmanager.")) return { action: target.replace(".", ":"), resource: json().SecretId };
  if (target?.startsWith("AmazonSQS.")) {
    const action = `sqs:${target.split(".")[1]}`;
    const name = json().QueueUrl.split("/").at(-1);
    return { action: actionOfOperation[action] ?? action, resource: `arn:aws:sqs:${account}:${name}` };
  }
  if (target?.startsWith("Logs_")) {
    return {
      action: `logs:${target.split(".")[1]}`,
      resource: `arn:aws:logs:${account}:log-group:${json().logGroupName}`,
    };
  }
  if (target !== undefined) return { action: `cloudwatch:${target.split(".")[1]}`, resource: "*" };
  if (path.endsWith("/account-settings")) return { action: "lambda:GetAccountSettings", resource: "*" };
  const [, fn, what] = /\/functions\/([^/]+)\/(\w+)$/.exec(decodeURIComponent(path))!;
  const operations: Record<string, string> = {
    "POST invocations": "InvokeFunction",
    "PUT code": "UpdateFunctionCode",
    "GET configuration": "GetFunctionConfiguration",
  };
  const resource = fn!.startsWith("arn:") ? fn! : `arn:aws:lambda:${account}:function:${fn}`;
  return { action: `lambda:${operations[`${method} ${what}`]}`, resource };
}

describe("the calls of a run", () => {
  const calls: Call[] = [];
  const made: { type: string; physicalId: string }[] = [];
  let close = async () => {};

  beforeAll(async () => {
    const database = await openDatabase();
    const local = await openLocal({ databaseUrl: database.url, platform: "2026", seed: 1 });
    const { configuration } = local.clients;
    const { handle } = configuration.requestHandler;
    const requestHandler = {
      ...configuration.requestHandler,
      handle(request: HttpRequest, ...rest: unknown[]) {
        calls.push(callOf(request));
        return handle.call(configuration.requestHandler, request, ...rest);
      },
    };
    const target: Target = { ...local, clients: new Clients({ ...configuration, requestHandler }) };
    close = async () => {
      await local.close();
      await database.close();
    };
    const signal = new AbortController().signal;
    const runId = "20261124-093000-scenario-4-x7k2";
    // The second has a pace at which the burst is in lanes, whose reports are received.
    for (const [name, overrides] of [
      ["scenario-2", []],
      ["scenario-4", ["PublishRate=2000"]],
    ] as const) {
      const scenario = findScenario(name);
      await bench(target, aRequest(scenario, { set: overrides, events: 25, runId }), aContext({ signal }));
    }
    // Calls that a run alone does not make: those of an existing stack, and those of `clean`.
    const stack: StackRequest = {
      name: `throttle-bench-${runId}`,
      templateBody: findScenario("scenario-4").templateBody,
      parameters: { DatabaseUrl: database.url },
      tags: runTags({ runId, owner: null, now: target.clock.now(), timeoutMs: 0 }),
      clientRequestToken: "first",
      signal,
    };
    await deployStack(target, stack, () => {});
    const parameters = { ...stack.parameters, VisibilityTimeout: "300" };
    await deployStack(target, { ...stack, parameters, clientRequestToken: "second" }, () => {});
    const [left] = await ownStacks(target);
    made.push(...(await resourcesOf(target, left!.id, { failure: "no" })));
    await deleteStack(target, left!.id, { signal });
    const templateBody = await readFile(join(root, "infra/database.yaml"), "utf8");
    const request = { callerAddress: "203.0.113.7/32", instanceClass: "db.t4g.small", clientRequestToken: "third" };
    await deployDatabase(target, { ...request, templateBody, signal }, () => {});
    const found = (await findDatabase(target))!;
    await databaseUrl(target, found.database!, null);
    await deleteStack(target, databaseStackName, { signal });
  });
  afterAll(() => close());

  const policy = () => policyOf("run") as unknown as { Statement: (Statement & { Action: string[] })[] };

  it("are all allowed by the run policy", () => {
    expect(calls.length).toBeGreaterThan(50);
    expect(calls.filter((call) => !isAllowed([policy()], call))).toEqual([]);
  });

  it("are denied on the stacks and functions of others", () => {
    const others = calls
      .filter(({ resource, action }) => resource !== "*" && action !== "cloudformation:DescribeStacks")
      .map((call) => ({ ...call, resource: call.resource.replace("throttle-bench-", "payments-") }));
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter((call) => isAllowed([policy()], call))).toEqual([]);
  });

  it("need every action of the run policy, but for what they imply and what doctor asks", () => {
    const { Statement } = policy();
    const superfluous = Statement.flatMap(({ Action }, index) =>
      Action.filter((dropped) => {
        const rest = Statement.map((each, at) =>
          at === index ? { ...each, Action: each.Action.filter((action) => action !== dropped) } : each,
        );
        return calls.every((call) => isAllowed([{ Statement: rest }], call));
      }),
    );
    expect(superfluous.sort()).toEqual([...Object.keys(implied), "lambda:GetAccountSettings"].sort());
  });

  it("are on resources whose names the deploy policy's patterns match", () => {
    const arnOf: Record<string, (id: string) => Call> = {
      "AWS::Lambda::Function": (id) => ({
        action: "lambda:CreateFunction",
        resource: `arn:aws:lambda:${account}:function:${id}`,
      }),
      "AWS::SNS::Topic": (id) => ({ action: "sns:CreateTopic", resource: id }),
      "AWS::SQS::Queue": (id) => ({
        action: "sqs:CreateQueue",
        resource: `arn:aws:sqs:${account}:${id.split("/").at(-1)}`,
      }),
      "AWS::IAM::Role": (id) => ({ action: "iam:CreateRole", resource: `arn:aws:iam::123456789012:role/${id}` }),
      "AWS::Logs::LogGroup": (id) => ({
        action: "logs:CreateLogGroup",
        resource: `arn:aws:logs:${account}:log-group:${id}`,
      }),
    };
    const asked = made.flatMap(({ type, physicalId }) => arnOf[type]?.(physicalId) ?? []);
    const deploy = policyOf("deploy") as unknown as PolicyDocument;
    expect(asked.length).toBeGreaterThanOrEqual(10);
    expect(asked.filter((call) => !isAllowed([deploy], call))).toEqual([]);
  });
});
