/** The first question to an endpoint that is not AWS's: it decides whether the figures are a prediction or a measurement. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openAws } from "../../../src/targets/aws.ts";
import { formatModel, modelHeader } from "../../../src/targets/model-header.ts";

beforeEach(() => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "x");
});
afterEach(() => void vi.unstubAllEnvs());

const clock = { now: () => 0, sleep: async () => {} };
const model = { platform: "2026", profile: null, modelHash: "0".repeat(64), seed: 1, assumptions: [] } as const;

/** A model that cuts its first connections, as one that is being started again, or leaves the first questions without an answer. */
async function cutting(connections: number, questions = 0) {
  let met = 0;
  const server = createServer((incoming, reply) => {
    if (++met <= connections) return incoming.socket.destroy();
    if (met <= connections + questions) return;
    reply.setHeader(modelHeader, formatModel({ ...model, assumptions: [] }));
    reply.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpointUrl, close: () => new Promise((resolve) => server.close(resolve)) };
}

it("is asked again when the connection was cut, so that a model's prediction is not taken for a measurement", async () => {
  const { endpointUrl, close } = await cutting(2);
  const account = await openAws({ region: "us-east-1", endpointUrl, clock });
  expect(account.origin).toMatchObject({ kind: "prediction", platform: "2026", seed: 1 });
  await account.close();
  await close();
});

it("is asked again when no answer came in time, which says nothing of who answers", async () => {
  const slow = await cutting(0, 1);
  const account = await openAws({ region: "us-east-1", endpointUrl: slow.endpointUrl, clock, requestTimeoutMs: 200 });
  expect(account.origin).toMatchObject({ kind: "prediction", platform: "2026", seed: 1 });
  await account.close();
  await slow.close();
});

it("that is never answered is an error, and no measurement", async () => {
  const { endpointUrl, close } = await cutting(0, 100);
  await expect(openAws({ region: "us-east-1", endpointUrl, clock, requestTimeoutMs: 100 })).rejects.toMatchObject({
    code: "target-failed",
    message: expect.stringMatching(`^${endpointUrl} does not answer \\(.+\\): check the endpoint`),
  });
  await close();
});

it("without any answer is an error that names the endpoint", async () => {
  const { endpointUrl, close } = await cutting(0);
  await close();
  await expect(openAws({ region: "us-east-1", endpointUrl, clock })).rejects.toMatchObject({
    code: "target-failed",
    message: expect.stringMatching(`^${endpointUrl} does not answer \\(.*ECONNREFUSED.*\\): check the endpoint`),
  });
});
