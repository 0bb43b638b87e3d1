/** A headless Chromium, spoken to over its debugging pipe: enough of it to load a page, look, and use mouse and keyboard. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** Where Chromium is: CHROMIUM, or on the PATH; null: there is none. */
export function chromiumPath(): string | null {
  const directories = (process.env.PATH ?? "").split(delimiter);
  const candidates = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  return [process.env.CHROMIUM ?? "", ...candidates].find((path) => path !== "" && existsSync(path)) ?? null;
}

export interface View {
  width: number;
  height: number;
  scheme?: "light" | "dark";
  isPhone?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's messages, of which each test knows what it asks for
type Message = any;

export class Page {
  /** Addresses that the page has asked for, its own file first. */
  readonly requests: string[] = [];
  /** Exceptions, and what the console took as an error. */
  readonly errors: string[] = [];
  private serial = 0;
  private readonly waiting = new Map<number, { resolve(result: Message): void; reject(error: Error): void }>();
  private readonly events: { name: string; resolve(): void }[] = [];

  private constructor(
    private readonly input: Writable,
    private session: string | undefined,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<Page> {
    const profile = mkdtempSync(join(tmpdir(), "throttle-bench-chromium-"));
    const flags = ["--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run"];
    const child = spawn(chromiumPath()!, [...flags, `--user-data-dir=${profile}`], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
    const page = new Page(child.stdio[3] as Writable, undefined, async () => {
      page.session = undefined;
      // All processes of the browser's end in good order; where it does not answer any more, it is ended.
      const patience = setTimeout(() => child.kill(), 5_000);
      page.send("Browser.close").catch(() => {});
      await closed;
      clearTimeout(patience);
      // Processes of the browser's may outlive it for a moment, and still write there.
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    });
    page.listen(child.stdio[4] as Readable);
    const { targetId } = await page.send("Target.createTarget", { url: "about:blank" });
    page.session = (await page.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    for (const domain of ["Page", "Network", "Runtime", "Log", "Accessibility"]) await page.send(`${domain}.enable`);
    return page;
  }

  async goto(url: string, { width, height, scheme = "light", isPhone = false }: View): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: isPhone });
    await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    const loaded = new Promise<void>((resolve) => this.events.push({ name: "Page.loadEventFired", resolve }));
    await this.send("Page.navigate", { url });
    await loaded;
  }

  /** The value of an expression in the page, or what its promise comes to. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async mouse(type: "mouseMoved" | "mousePressed" | "mouseReleased", x: number, y: number): Promise<void> {
    const button = type === "mouseMoved" ? "none" : "left";
    await this.send("Input.dispatchMouseEvent", { type, x, y, button, clickCount: 1 });
  }

  async press(key: string): Promise<void> {
    const text = key.length === 1 ? { text: key } : {};
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, ...text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key });
  }

  async screenshot(wholePage = false): Promise<Buffer> {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: wholePage });
    return Buffer.from(data, "base64");
  }

  send(method: string, params: object = {}): Promise<Message> {
    const id = ++this.serial;
    this.input.write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private listen(output: Readable): void {
    let rest = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop()!;
      for (const message of messages) this.receive(JSON.parse(message));
    });
  }

  private receive({ id, result, error, method, params }: Message): void {
    if (id !== undefined) {
      const waiting = this.waiting.get(id)!;
      this.waiting.delete(id);
      if (error) waiting.reject(new Error(error.message));
      else waiting.resolve(result);
      return;
    }
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") this.errors.push(params.exceptionDetails.exception?.description);
    if (method === "Log.entryAdded" && params.entry.level === "error") this.errors.push(params.entry.text);
    const index = this.events.findIndex(({ name }) => name === method);
    if (index >= 0) this.events.splice(index, 1)[0]!.resolve();
  }
}
