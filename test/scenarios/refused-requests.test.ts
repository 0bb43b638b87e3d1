/** Requests that are refused, and answers that are lost: a run says what it knows, fires nothing twice, and cleans up. */
import { describe, expect, it } from "vitest";
import type { RunRecord, Shard } from "../../src/model.ts";
import { type Journal, noJournal } from "../../src/records/journal.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { readScenario } from "../../src/scenarios/scenario.ts";
import { at, denied, expired, from, refusal, runRefused } from "./refusing-account.ts";

/** scenario-5 with one text of its template changed. */
function changed(text: string | RegExp, other: string, base = findScenario("scenario-5").templateBody) {
  const templateBody = base.replace(text, other);
  expect(templateBody).not.toBe(base);
  return readScenario("scenario-5", "mine.yaml", templateBody);
}

/** scenario-5 as a template from before it had a queue for the producer's reports. */
function withoutReports() {
  const rest = changed(/ {2}# A burst that one invocation.*?(?= {2}Topic:\n)/s, "").templateBody;
  const permission = / {14}- Effect: Allow\n {16}Action: sqs:SendMessage\n {16}Resource: !GetAtt ProducerReports.Arn\n/;
  return changed(permission, "", rest.replace(/ {2}ProducerReports:\n {4}Description.*\n {4}Value.*\n/, ""));
}

const noRows = "It leaves nothing but its rows.";
const codes = (record: RunRecord | null) => record?.caveats.map(({ code }) => code);

describe("a template that AWS refuses", () => {
  it("is bad input, and nothing is created", async () => {
    const rule = at("ValidateTemplate", 1, refusal("ValidationError", "Template format error: no resources"));
    const { error, timesOf } = await runRefused({ rule });
    expect(error).toMatchObject({ code: "bad-template", cleanUp: noRows });
    expect(error!.message).toMatch(/scenario-5.*: Template format error: no resources$/);
    expect(timesOf("CreateStack")).toBe(0);
  });

  it("is not bad input where AWS did not look at it", async () => {
    const { error } = await runRefused({ rule: from("ValidateTemplate", 1, denied) });
    expect(error).toMatchObject({
      code: "target-failed",
      message: expect.stringMatching(/^The template could not be checked: not authorized .* ask for this permission/),
    });
  });
});

describe("the code of a function", () => {
  const configuration = (LastUpdateStatus: string) => ({ answer: { LastUpdateStatus, LastUpdateStatusReason: "no" } });

  it("is waited for", async () => {
    const rule = at("GetFunctionConfiguration", 1, configuration("InProgress"));
    const { record, timesOf } = await runRefused({ rule });
    expect(record).toMatchObject({ summary: { eventsCompleted: 20 } });
    expect(timesOf("GetFunctionConfiguration")).toBe(timesOf("UpdateFunctionCode") + 1);
  });

  it("ends the run when it cannot be updated", async () => {
    const { error } = await runRefused({ rule: at("GetFunctionConfiguration", 1, configuration("Failed")) });
    expect(error).toMatchObject({ code: "deploy-failed", cleanUp: noRows });
    expect(error!.message).toMatch(/^The code of \S+Producer\S* could not be updated: no$/);
  });
});

describe("an output ProducerReports that is no queue's URL", () => {
  it("is refused with what it has to be", async () => {
    const scenario = changed("Value: !Ref ProducerReports", "Value: !GetAtt ProducerReports.Arn");
    const { error } = await runRefused({ scenario });
    expect(error).toMatchObject({ code: "deploy-failed", cleanUp: noRows });
    expect(error!.message).toMatch(/^mine\.yaml: the output ProducerReports is arn:aws:sqs:\S+, and has to be .* !Ref/);
  });
});

describe("a database in a VPC", () => {
  const vpc = {
    url: "postgresql://memory",
    files: {},
    vpc: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
  };

  it("is named to the stack", async () => {
    let parameters: { ParameterKey: string; ParameterValue: string }[] = [];
    await runRefused({
      as: { functions: vpc },
      rule: (operation, _, input) => {
        if (operation === "CreateStack") parameters = (input as { Parameters: typeof parameters }).Parameters;
        return undefined;
      },
    });
    expect(parameters).toContainEqual({ ParameterKey: "SubnetIds", ParameterValue: "subnet-1,subnet-2" });
    expect(parameters).toContainEqual({ ParameterKey: "SecurityGroupIds", ParameterValue: "sg-1" });
  });

  it("is out of reach for a template without its parameters", async () => {
    const { template, ...scenario } = findScenario("scenario-5");
    const parameters = template.parameters.filter(({ name }) => name !== "SecurityGroupIds");
    const { error, timesOf } = await runRefused({
      scenario: { ...scenario, template: { ...template, parameters } },
      as: { functions: vpc },
    });
    expect(error).toMatchObject({ code: "bad-template" });
    expect(error!.message).toMatch(/has no parameters SubnetIds and SecurityGroupIds.* add them, as /);
    expect(timesOf("CreateStack")).toBe(0);
  });
});

describe("a producer that answers", () => {
  const payload = (value: unknown, FunctionError?: string) => ({
    answer: { FunctionError, Payload: { transformToString: () => JSON.stringify(value) } },
  });

  it("that it failed ends the run in its words, because nothing is published", async () => {
    const { error, timesOf } = await runRefused({
      rule: at("Invoke", 1, payload({ errorMessage: "no topic" }, "Unhandled")),
    });
    expect(error).toMatchObject({ code: "fire-failed", message: "The producer failed: no topic", cleanUp: noRows });
    expect(timesOf("Invoke")).toBe(1);
  });

  it("with an error that is none of a function ends the run, too", async () => {
    const { error } = await runRefused({ rule: at("Invoke", 1, payload("what", "Unhandled")) });
    expect(error!.message).toMatch(/^The producer \S+ failed: "what"$/);
  });

  it.each([
    ["by its timeout", payload({ errorMessage: "x Task timed out after 900.00 seconds" }, "Unhandled"), /timed out/],
    ["by Lambda", payload({ errorMessage: "gone", errorType: "Runtime.ExitError" }, "Unhandled"), /failed: gone/],
    ["in another form", payload({ published: "many" }), /gave an answer of another form: {"published":"many"}/],
  ])("%s may have published, and the rows tell", async (_, answer, failure) => {
    const { record, timesOf } = await runRefused({ rule: at("Invoke", 1, answer), timeoutMs: 600_000 });
    expect(timesOf("Invoke")).toBe(1);
    const [shard] = record!.burst.shards;
    expect(shard).toMatchObject({ published: null, failed: null, failure: expect.stringMatching(failure) });
    expect(record!.summary).toMatchObject({ eventsCompleted: 0, eventsMissing: 20 });
  });

  it("that is lost is not invoked again, and the rows tell", async () => {
    const { record, timesOf } = await runRefused({ rule: at("Invoke", 1, "lost") });
    expect(timesOf("Invoke")).toBe(1);
    expect(record!.burst.shards[0]!.failure).toMatch(
      /^The producer's answer was lost \(socket hang up\), and it was not/,
    );
    expect(record!.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0, duplicates: 0 });
  });
});

describe("a burst of two lanes", () => {
  const lanes = { events: 60, set: ["PublishRate=300", "WorkMs=0"], timeoutMs: 1_800_000 };
  const shards = (record: RunRecord | null): (Partial<Shard> | undefined)[] | undefined =>
    record?.burst.shards.map(({ published, failed, failure }) => ({ published, failed, failure }));

  it("is measured as far as it went when one is refused", async () => {
    const { record } = await runRefused({ ...lanes, rule: at("Invoke", 2, denied) });
    const failure = expect.stringMatching(/^The producer \S+ could not be invoked: not authorized/);
    expect(shards(record)).toContainEqual({ published: 0, failed: 30, failure });
    expect(shards(record)).toContainEqual({ published: 30, failed: 0, failure: null });
    expect(record!.summary).toMatchObject({ eventsCompleted: 30, eventsMissing: 30 });
  });

  it("fails the run when both are", async () => {
    const { error, timesOf } = await runRefused({ ...lanes, rule: from("Invoke", 1, denied) });
    expect(error).toMatchObject({ code: "fire-failed", cleanUp: noRows });
    expect(error!.message).toMatch(/not authorized to perform: that; ask for this permission/);
    expect(timesOf("Invoke")).toBe(2);
  });

  it("is not fired when its reports cannot be received", async () => {
    const { error, timesOf } = await runRefused({ ...lanes, rule: from("ReceiveMessage", 1, denied) });
    expect(error).toMatchObject({ code: "target-failed" });
    expect(error!.message).toMatch(/^The producer's reports cannot be received: not authorized/);
    expect(timesOf("Invoke")).toBe(0);
  });

  it("is known by its rows when its reports can no longer be received", async () => {
    const { record } = await runRefused({ ...lanes, rule: from("ReceiveMessage", 2, denied) });
    const unreported = { published: null, failed: null, failure: null };
    expect(shards(record)).toEqual([unreported, unreported]);
    expect(record!.summary).toMatchObject({ eventsCompleted: 60, eventsMissing: 0 });
    expect(codes(record)).toContain("shards-unreported");
  });

  it("takes of the reports its own, each once, in whatever way they tell of a failure", async () => {
    const runId = "its-own";
    const message = (Body: string) => ({ MessageId: "m", ReceiptHandle: "r", Body });
    const report = (requestPayload: object, condition: string, responsePayload?: object) =>
      message(JSON.stringify({ requestContext: { condition }, requestPayload, responsePayload }));
    const Messages = [
      message("not a record"),
      report({ runId: "another", firstId: 2 }, "RetriesExhausted"),
      report({ runId, firstId: 77 }, "RetriesExhausted"),
      report({ runId, firstId: 1 }, "EventAgeExceeded"),
      report({ runId, firstId: 1 }, "RetriesExhausted", { errorMessage: "late" }),
      report({ runId, firstId: 2 }, "RetriesExhausted", { errorMessage: "no topic" }),
    ];
    let receives = 0;
    const { error, record } = await runRefused({
      ...lanes,
      runId,
      rule: (operation) => {
        if (operation === "DeleteMessageBatch") return { answer: {} };
        // The second receive is the first after they were fired.
        return operation === "ReceiveMessage" && ++receives === 2 ? { answer: { Messages } } : undefined;
      },
    });
    expect(record).toBeNull();
    expect(error).toMatchObject({ code: "fire-failed", message: "Lambda did not run the producer: EventAgeExceeded" });
  });
});

describe("a burst in shards that follow each other", () => {
  const long = { events: 2_430, set: ["PublishRate=2", "WorkMs=0"], timeoutMs: 1_800_000 };
  const counts = (record: RunRecord | null) => record?.burst.shards.map(({ published, failed }) => [published, failed]);

  it("ends after one that failed, and says so of the others", async () => {
    const { record, timesOf } = await runRefused({ ...long, rule: at("Invoke", 2, denied) });
    expect(timesOf("Invoke")).toBe(2);
    expect(counts(record)).toEqual([
      [1_200, 0],
      [0, 1_200],
      [0, 30],
    ]);
    expect(record!.burst.shards[2]!.failure).toBe("An earlier shard failed.");
    expect(record!.summary).toMatchObject({ eventsCompleted: 1_200, eventsMissing: 1_230 });
  });

  it("stops at an interruption, and what was fired is measured", async () => {
    const controller = new AbortController();
    let looks = 0;
    const { record, timesOf } = await runRefused({
      ...long,
      signal: controller.signal,
      progress: (update) => {
        if (update.phase === "fire" && ++looks === 10) controller.abort(new Error("interrupted"));
      },
    });
    expect(timesOf("Invoke")).toBe(1);
    expect(counts(record)).toEqual([
      [null, null],
      [0, 1_200],
      [0, 30],
    ]);
    expect(record!.burst.shards[1]!.failure).toBe("The run was interrupted first.");
    expect(record).toMatchObject({ outcome: "interrupted", cleanUp: noRows });
  });

  it("is fired in turn by a template without a queue for the reports, at the same pace", async () => {
    const { record, timesOf } = await runRefused({ ...long, scenario: withoutReports() });
    expect(counts(record)).toEqual([
      [1_200, 0],
      [1_200, 0],
      [30, 0],
    ]);
    const { firstSentAt, lastSentAt } = record!.burst;
    expect(lastSentAt! - firstSentAt!).toBeGreaterThanOrEqual(1_213_900);
    expect(record!.summary).toMatchObject({ eventsCompleted: 2_430, duplicates: 0 });
    expect(timesOf("ReceiveMessage")).toBe(0);
  });

  it("is measured as far as it went when a later one in turn fails", async () => {
    const { record } = await runRefused({ ...long, scenario: withoutReports(), rule: at("Invoke", 2, denied) });
    expect(counts(record)).toEqual([
      [1_200, 0],
      [null, null],
      [0, 30],
    ]);
    expect(record!.summary).toMatchObject({ eventsCompleted: 1_200, eventsMissing: 1_230 });
  });

  it("ends the run when the first in turn is refused", async () => {
    const { error } = await runRefused({ ...long, scenario: withoutReports(), rule: at("Invoke", 1, denied) });
    expect(error).toMatchObject({ code: "fire-failed", cleanUp: noRows });
  });
});

describe("CloudWatch that cannot be read", () => {
  it("ends neither the drain nor the run, and the record says why its figures are missing", async () => {
    const { record } = await runRefused({ rule: from("GetMetricData", 1, denied), readsCloudWatch: true });
    expect(record).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 20, maxConcurrency: null } });
    expect(record!.metricsWindow).toMatchObject({ complete: false, refusal: expect.stringMatching(/not authorized/) });
    expect(codes(record)).toContain("metrics-unreadable");
  });

  it("is left for later where the credentials have expired, because the run can be resumed", async () => {
    const { error } = await runRefused({ rule: from("GetMetricData", 1, expired), readsCloudWatch: true });
    expect(error!.message).toMatch(/^CloudWatch cannot be read: The security token is expired; renew the credentials/);
  });

  it("is read no more when the run is interrupted meanwhile", async () => {
    const controller = new AbortController();
    const { record } = await runRefused({
      set: ["WorkMs=60000", "ConsumerTimeout=120", "VisibilityTimeout=720"],
      signal: controller.signal,
      progress: () => {},
      readsCloudWatch: true,
      rule: (operation) => {
        if (operation === "GetMetricData" && !controller.signal.aborted) controller.abort(new Error("interrupted"));
        return undefined;
      },
    });
    expect(record!.outcome).toBe("interrupted");
    expect(record!.summary.eventsCompleted).toBeLessThan(20);
  });
});

describe("a run that nobody watches", () => {
  it("reads neither a stack's events on the way nor metrics that decide nothing, and comes to the same", async () => {
    const set = ["WorkMs=60000", "ConsumerTimeout=120", "VisibilityTimeout=720"];
    const asked = { runId: "watched", set, readsCloudWatch: true };
    const unseen = await runRefused(asked);
    const watched = await runRefused({ ...asked, progress: () => {} });
    expect(unseen.record).toEqual(watched.record);
    expect(unseen.timesOf("DescribeStacks")).toBe(watched.timesOf("DescribeStacks"));
    expect(unseen.timesOf("DescribeStackEvents")).toBe(1);
    expect(watched.timesOf("DescribeStackEvents")).toBeGreaterThan(10);
    expect(unseen.timesOf("GetMetricData")).toBeLessThan(watched.timesOf("GetMetricData"));
  });
});

describe("a consumer's log", () => {
  const failing = { set: ["FailureRate=0.5"] };

  it("that cannot be read leaves the causes unknown", async () => {
    const { record } = await runRefused({ ...failing, rule: from("FilterLogEvents", 1, denied) });
    expect(record!.errors).toBeNull();
    expect(record!.details.errors).toBeGreaterThan(0);
  });

  it("is found by the function's name where its configuration does not say", async () => {
    let asked = "";
    const { record } = await runRefused({
      ...failing,
      rule: (operation, _, input) => {
        if (operation === "FilterLogEvents") asked = (input as { logGroupName: string }).logGroupName;
        const isLast = operation === "GetFunctionConfiguration" && !("Configuration" in input);
        return isLast ? { answer: { LastUpdateStatus: "Successful" } } : undefined;
      },
    });
    expect(asked).toBe(`/aws/lambda/${record!.stack.consumerFunction}`);
    // The scenario's own log group has another name.
    expect(record!.errors).toBeNull();
  });

  it("ends the run where the credentials have expired", async () => {
    const { error } = await runRefused({ ...failing, rule: from("FilterLogEvents", 1, expired) });
    expect(error!.message).toMatch(/^The consumer's log cannot be read: .*; renew the credentials/);
  });
});

describe("a stack on a target that keeps stacks", () => {
  const as = { keepsStacks: true };

  it("is kept where that is asked for, with the command that removes it", async () => {
    const { record, timesOf } = await runRefused({ as, keep: true });
    expect(record!.cleanUp).toMatch(/^The stack throttle-bench-\S+ was kept; remove it with: /);
    expect(timesOf("DeleteStack")).toBe(0);
  });

  it("is named with that command where it cannot be deleted", async () => {
    const { record } = await runRefused({ as, rule: from("DeleteStack", 1, denied) });
    expect(record!.cleanUp).toMatch(
      /^The stack throttle-bench-\S+ may be left \(.*not authorized.*\); remove it with: /,
    );
  });
});

it("counts no decisions of numbers where nobody counts", async () => {
  const { record } = await runRefused({ as: { decisions: async () => null } });
  expect(new Set(record!.assumptions!.map(({ decided }) => decided))).toEqual(new Set([null]));
});

it("masks the values of secrets in the record", async () => {
  const scenario = changed("Parameters:\n", "Parameters:\n  Password: { Type: String, NoEcho: true, Default: none }\n");
  const { record } = await runRefused({ scenario, set: ["Password=hunter2"] });
  expect(record!.settings.Password).toBe("****");
  expect(JSON.stringify(record)).not.toContain("hunter2");
});

describe("a burst whose process ended while it was fired", () => {
  /** Whoever goes on has the answer of the deployment alone. The burst was fired, and what it came to is not in the journal. */
  const goneOn: Journal = {
    step: async (name, work, unanswered) => {
      if (unanswered === undefined) return work();
      if (name === "fire") await work();
      return unanswered();
    },
    spikes: noJournal.spikes,
  };

  it("is not fired again, and the rows tell what it came to", async () => {
    const { record, timesOf } = await runRefused({ journal: goneOn });
    expect(timesOf("Invoke")).toBe(1);
    expect(record!.burst.shards).toMatchObject([{ published: null, failed: null }]);
    expect(record!.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0, duplicates: 0 });
    expect(record!.summary.timeTakenSeconds).toBeGreaterThan(0);
  });

  it("fires no spike that had not begun where the run is interrupted", async () => {
    const controller = new AbortController();
    const journal: Journal = {
      step: (_, work, unanswered) => {
        if (unanswered === undefined) return work();
        controller.abort(new Error("interrupted"));
        return unanswered();
      },
      spikes: noJournal.spikes,
    };
    const spikes = { count: 4, everyMs: 300_000 };
    const { record, timesOf } = await runRefused({ events: 80, spikes, journal, signal: controller.signal });
    expect(timesOf("Invoke")).toBe(0);
    const failure = "The run was interrupted first.";
    expect(record!.burst.shards.map(({ published, failure: why }) => [published, why])).toEqual(
      Array(4).fill([0, failure]),
    );
    expect(record).toMatchObject({ outcome: "interrupted", summary: { eventsCompleted: 0 }, cleanUp: noRows });
  });
});

describe("requests that are repeated", () => {
  it("are counted by service, with the first reason", async () => {
    const throttled = refusal("Throttling", "Rate exceeded");
    const { record } = await runRefused({
      rule: (operation, count) => (operation === "DescribeStackEvents" && count <= 3 ? throttled : undefined),
    });
    const requests = [{ service: "CloudFormation", times: 3, reason: "Rate exceeded" }];
    expect(record!.caveats).toContainEqual({ code: "requests-repeated", requests });
    expect(record!.summary.eventsCompleted).toBe(20);
  });
});

it("leaves nothing but rows where a model's stack cannot be deleted", async () => {
  const { record } = await runRefused({ rule: from("DeleteStack", 1, denied) });
  expect(record!.cleanUp).toBe("It leaves nothing but the rows that were written.");
});

it("goes on by the rows alone until its time is over where CloudWatch is lost during the drain", async () => {
  const published = { published: 20, failed: 0, firstSentAt: Date.UTC(2026, 0, 1), lastSentAt: Date.UTC(2026, 0, 1) };
  const answer = { Payload: { transformToString: () => JSON.stringify(published) } };
  const { record, timesOf } = await runRefused({
    timeoutMs: 1_800_000,
    readsCloudWatch: true,
    rule: (operation) => (operation === "GetMetricData" ? denied : operation === "Invoke" ? { answer } : undefined),
  });
  expect(record).toMatchObject({ outcome: "timeout", summary: { eventsCompleted: 0, eventsMissing: 20 } });
  expect(timesOf("GetMetricData")).toBeGreaterThan(1);
});
