/** The frame of an HTML file that asks the network for nothing, because it holds its own style and scripts. */

import { escaped } from "./markup.ts";
import { pageStyle } from "./page-style.ts";

/** Pages have no scripts, scripts, or scripts and threads that the page itself holds. */
export type Liveliness = "still" | "scripts" | "threads";

const scriptPolicies: Record<Liveliness, string> = {
  still: "",
  scripts: " script-src 'unsafe-inline';",
  threads: " script-src 'unsafe-inline' blob:; worker-src blob:;",
};

/** The document; `style` comes after the style of every page. */
export function page(title: string, style: string, body: readonly string[], liveliness: Liveliness): string {
  const scripts = scriptPolicies[liveliness];
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';${scripts} img-src data:">`,
    '<link rel="icon" href="data:,">',
    `<title>${escaped(title)}</title>`,
    `<style>${pageStyle}${style}</style>`,
    "</head>",
    "<body>",
    ...body,
    "</body>",
    "</html>",
  ].join("\n");
}
