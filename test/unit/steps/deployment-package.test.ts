/** The zips that are deployed: a handler's bundle and the files that it needs. */
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { deploymentPackage } from "../../../src/steps/deployment-package.ts";

const certificate = new TextEncoder().encode("a certificate");

it("holds the handler alone where it needs nothing else", async () => {
  expect(Object.keys(unzipSync(await deploymentPackage("consumer")))).toEqual(["consumer.js"]);
});

it("holds the files beside the handler, in the same bytes each time", async () => {
  const zip = await deploymentPackage("consumer", { "database.pem": certificate });
  const held = unzipSync(zip);
  expect(Object.keys(held).sort()).toEqual(["consumer.js", "database.pem"]);
  expect(held["database.pem"]).toEqual(certificate);
  expect(held["consumer.js"]).toEqual(unzipSync(await deploymentPackage("consumer"))["consumer.js"]);
  expect(await deploymentPackage("consumer", { "database.pem": certificate })).toEqual(zip);
});
