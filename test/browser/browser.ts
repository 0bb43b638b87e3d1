/** One Chromium for the tests of a file: each shows the page that it is about. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { Page, type View } from "./chromium.ts";

export class Browser {
  page!: Page;
  /** where the page is that is shown */
  readonly file: string;

  private constructor(private readonly directory: string) {
    this.file = join(directory, "page.html");
  }

  /** For the whole of the `describe` in which it is called; requests and errors are those of one test. */
  static forTests(): Browser {
    const browser = new Browser(mkdtempSync(join(tmpdir(), "throttle-bench-page-")));
    beforeAll(async () => {
      browser.page = await Page.open();
    });
    afterAll(async () => {
      await browser.page?.close();
      rmSync(browser.directory, { recursive: true, force: true });
    });
    beforeEach(() => {
      browser.page.errors.length = 0;
      browser.page.requests.length = 0;
    });
    return browser;
  }

  async show(content: string, view: View): Promise<void> {
    writeFileSync(this.file, content);
    await this.page.goto(pathToFileURL(this.file).href, view);
  }
}
