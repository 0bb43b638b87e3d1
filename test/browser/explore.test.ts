/** The page of `explore` in a real browser: the model gives there what it gives here, and every control is asked for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Answers } from "../../src/explore/answer.ts";
import type { Answer, Explored, Question } from "../../src/explore/question.ts";
import { findScenario, shippedNames } from "../../src/scenarios/catalogue.ts";
import { openWorkplace } from "../cli/throttle-bench.ts";
import { faultsOf } from "./accessibility.ts";
import { Browser } from "./browser.ts";
import { chromiumPath, type Page, type View } from "./chromium.ts";

const desktop: View = { width: 1400, height: 1000 };
const phone: View = { width: 390, height: 844, isPhone: true };
/** An answer without the times of a watch. */
function timeless(answer: Answer): unknown {
  const text = JSON.stringify({ ...answer, simulatedInMs: null });
  return JSON.parse(text.replace(/Run explored,[^<]*/, ""));
}

describe.skipIf(chromiumPath() === null)("the page of explore in Chromium", () => {
  const browser = Browser.forTests();
  const workplace = openWorkplace();
  const file = join(workplace.directory, "explore.html");
  let page: Page;
  let explored: Explored;

  beforeAll(async () => {
    await workplace.run("explore", "--no-open", "--out", file);
    explored = JSON.parse(/id="explored">(.*)<\/script>/.exec(readFileSync(file, "utf8"))![1]!);
    page = browser.page;
  });

  afterAll(() => workplace.remove());

  /** Resolves when the page has answered all that was asked. */
  const settled = () =>
    page.evaluate<void>(
      `new Promise((done) => { const look = () => /^(Simulated|Not)/.test(document.querySelector("#status").textContent) && !document.querySelector("[aria-busy]") ? done() : setTimeout(look, 20); look(); })`,
    );

  /** The address without what follows `#`, because a page that only gets another of these is not loaded again. */
  async function open(hash = "", view = desktop): Promise<void> {
    await page.goto("about:blank", view);
    await page.goto(`${pathToFileURL(file).href}${hash}`, view);
    await settled();
  }

  const text = (selector: string) =>
    page.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).textContent`);

  /** Types into a control, as its events tell. */
  async function type(name: string, value: string): Promise<void> {
    await page.evaluate(
      `((input) => { input.value = ${JSON.stringify(value)}; input.dispatchEvent(new Event("input", { bubbles: true })); })(document.querySelector("form").elements[${JSON.stringify(name)}] ?? document.getElementById(${JSON.stringify(`setting-${name}`)}))`,
    );
    await settled();
  }

  it("asks for nothing but itself, without an error, on a desktop and a phone, and nobody is shut out", async () => {
    await open();
    expect(page.requests.filter((url) => url !== "about:blank" && !url.startsWith("blob:"))).toEqual([
      pathToFileURL(file).href,
    ]);
    expect(page.errors).toEqual([]);
    expect(await faultsOf(page)).toEqual([]);
    await open("", phone);
    expect(page.errors).toEqual([]);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.width);
  });

  it.each(shippedNames())("has the report on %s that Node.js makes", async (name) => {
    const question: Question = {
      scenario: explored.scenarios.findIndex((one) => one.name === name),
      overrides: ["WorkMs=400"],
      events: 300,
      limit: "2/s",
      seed: 7,
    };
    await open();
    const here = await new Answers(explored, () => 0).to(question);
    const there = await page.evaluate<typeof here>(`new Promise((done, fail) => {
      const held = (id) => JSON.parse(document.getElementById(id).textContent);
      const worker = new Worker(URL.createObjectURL(new Blob([held("worker")])));
      worker.onerror = fail;
      worker.onmessage = ({ data }) => { worker.terminate(); done(data.answer ?? data); };
      worker.postMessage(held("explored"));
      worker.postMessage({ ask: ${JSON.stringify(question)} });
    })`);
    expect("error" in here).toBe(false);
    expect(timeless(there)).toEqual(timeless(here));
  });

  it("shows the figures that the command below it prints", async () => {
    await open("#scenario=scenario-4&events=200&seed=3&limit=2%2Fs&set=ReservedConcurrency%3D3&set=WorkMs%3D700");
    const command = await text("#command");
    expect(command).toBe(
      "throttle-bench run sqs-reserved-1 --set WorkMs=700 --set ReservedConcurrency=3 --events 200 --seed 3 --platform 2026 --limit 2/s",
    );
    const { stdout } = await workplace.run(...command.split(" ").slice(1), "--json");
    const [record] = JSON.parse(stdout);
    const rows = await page.evaluate<[string, string][]>(
      `[...document.querySelectorAll("#answer table:first-of-type tbody tr")].map((row) => [row.children[0].textContent, row.children[1].textContent])`,
    );
    const figures = Object.fromEntries(rows);
    expect(figures["Events Completed"]).toBe(String(record.summary.eventsCompleted));
    expect(figures["Max. Concurrency"]).toBe(String(record.summary.maxConcurrency));
    expect(figures["Max. DB Inserts Per Second"]).toBe(String(record.summary.insertsPerSecond.max));
  });

  it("answers a change, keeps it in its address, and puts results that are kept beside each other", async () => {
    await open("#scenario=scenario-5&events=100");
    expect(await text(".verdict")).toContain("Limit 1/s exceeded");
    await page.evaluate("document.querySelector('#keep').click()");
    await settled();
    await type("ReservedConcurrency", "1");
    expect(await page.evaluate<string>("location.hash")).toContain("set=ReservedConcurrency%3D1");
    expect(await text(".verdict")).toContain("Limit 1/s kept");
    await page.evaluate("document.querySelector('#keep').click()");
    await settled();
    expect(await text("#kept")).toMatch(/ReservedConcurrency=5.*exceeded.*ReservedConcurrency=1.*kept/s);
    await page.evaluate("document.querySelector('#forget').click()");
    await settled();
    expect(await page.evaluate<boolean>("document.querySelector('#kept-results').hidden")).toBe(true);
  });

  it("moves a setting by its slider", async () => {
    await open("#scenario=scenario-4&events=50");
    await page.evaluate(
      `((slider) => { slider.value = 200; slider.dispatchEvent(new Event("input", { bubbles: true })); })(document.querySelector("[aria-label='WorkMs, slider']"))`,
    );
    await settled();
    expect(await text("#command")).toContain("--set WorkMs=1400 ");
  });

  it.each([
    ["BatchSize", "banana", "BatchSize"],
    ["BatchSize", "500", "MaximumBatchingWindow"],
    ["limit", "fast", "fast"],
  ])("says in a sentence what is wrong with %s=%s, and keeps the last answer in sight", async (name, value, told) => {
    await open("#scenario=scenario-4&events=50");
    const before = await text("#answer");
    await type(name, value);
    expect(await text("#problem")).toContain(told);
    expect(await page.evaluate<boolean>("document.querySelector('#problem').hidden")).toBe(false);
    expect(await text("#answer")).toBe(before);
    expect(page.errors).toEqual([]);
  });

  it("tells a setting from the page's own control of the same name", async () => {
    const { templateBody } = findScenario("scenario-4");
    const own = "Parameters:\n  events: { Type: Number, Default: 3, MinValue: 1, MaxValue: 9 }";
    workplace.write("mine.yaml", templateBody.replace(/^Parameters:/m, own));
    await workplace.run("explore", "./mine.yaml", "--no-open", "--out", "mine.html");
    await page.goto(`${pathToFileURL(join(workplace.directory, "mine.html")).href}#events=70&set=events%3D5`, desktop);
    await settled();
    expect(await text("#command")).toBe(
      "throttle-bench run ./mine.yaml --set events=5 --events 70 --seed 1 --platform 2026",
    );
  });

  it("answers the last of many quick changes", async () => {
    await open("#scenario=scenario-4&events=500");
    await page.evaluate(
      `for (let seed = 2; seed <= 30; seed++) { const { seed: input } = document.querySelector("form").elements; input.value = seed; input.dispatchEvent(new Event("input", { bubbles: true })); }`,
    );
    await settled();
    expect(await text("#command")).toContain("--seed 30 ");
    expect(await text("#answer .badge")).toContain("seed 30");
  });
});
