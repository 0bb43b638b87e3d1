/** The page that simulates, as one file: controls, the worker's code, and what both know. */
import type { Parameter, Scenario } from "../model.ts";
import { chartSource } from "../reports/pictures/chart-source.ts";
import { escaped, scriptJson } from "../reports/pictures/markup.ts";
import { page } from "../reports/pictures/page.ts";
import { pictureStyle } from "../reports/pictures/svg.ts";
import { topologyStyle } from "../reports/pictures/topology.ts";
import { boundsOf, settingsIn } from "../scenarios/settings.ts";
import { isNumeric } from "../template/parameter.ts";
import { control } from "./controls.ts";
import type { Explored } from "./question.ts";
import { scenarioOf } from "./scenario.ts";

/** More events would keep a reader waiting at every move; `run` takes them. */
const mostEvents = 20_000;

const mostSeeds = 2 ** 32 - 1;

/** One setting as the page's script shows it. */
interface Field {
  name: string;
  value: string;
  help: string;
  values?: string[];
  min?: number;
  max?: number;
  isWhole: boolean;
  /** it is of the work or the burst, and not of the way */
  isShared: boolean;
}

/** The page begins with this. */
interface Beginning {
  events: number;
  limit: string;
}

/** `worker`: its code, as it is built. `shared`: settings that are of the work and the burst, and so of every way. */
export function explorePage(explored: Explored, worker: string, shared: ReadonlySet<string>, begin: Beginning): string {
  const { scenarios, model, versions } = explored;
  const read = scenarios.map(scenarioOf);
  const shown = read.map((scenario) => ({
    name: scenario.name,
    alias: scenario.alias,
    summary: scenario.summary,
    limit: scenario.limit,
    // A secret is in no page, and so not in its address.
    fields: settingsIn(scenario).flatMap((parameter) => (parameter.noEcho ? [] : [fieldOf(parameter, shared)])),
  }));
  const first = { events: begin.events, limit: begin.limit, seed: model.seed };
  const body = [
    "<header><h1>throttle-bench explore</h1>",
    '<p class="badge">prediction of the local model, made in this page</p></header>',
    "<noscript><p>This page simulates by its scripts, which are switched off here; `throttle-bench run` does the same without a browser.</p></noscript>",
    '<main class="explore">',
    controls(read),
    "<div>",
    '<p id="status" role="status">Starting …</p><p id="verdict" class="spoken" aria-live="polite"></p><aside id="problem" role="alert" hidden></aside>',
    '<section id="kept-results" hidden><h2>Kept results</h2><div id="kept"></div><button type="button" id="forget">Forget them</button></section>',
    '<div id="answer"></div>',
    '<section><h2>The same on the command line</h2><div class="scrolls" tabindex="0" role="region" aria-label="Command"><pre id="command"><code></code></pre></div>',
    '<button type="button" id="copy">Copy</button></section>',
    "</div>",
    "</main>",
    `<footer><p>throttle-bench ${escaped(versions.throttleBench)}, model of AWS as of ${escaped(model.platform)}. It runs in this page and asks the network for nothing.</p></footer>`,
    `<script type="application/json" id="worker">${scriptJson(worker)}</script>`,
    `<script type="application/json" id="explored">${scriptJson(explored)}</script>`,
    `<script>${script(shown, first)}</script>`,
  ];
  return page("throttle-bench explore", `${topologyStyle}${pictureStyle("system")}${style}`, body, "threads");
}

function controls(scenarios: readonly Scenario[]): string {
  const options = scenarios.map(({ name, alias, title }, index) => {
    const called = alias === null ? name : `${name} (${alias})`;
    return `<option value="${index}">${escaped(`${called}: ${title}`)}</option>`;
  });
  const number = (name: string, label: string, most: number, least: number) =>
    `<div class="field"><label for="${name}">${label}</label><div class="inputs"><input id="${name}" name="${name}" type="number" min="${least}" max="${most}" step="1" required></div></div>`;
  return [
    '<form autocomplete="off"><section><h2>Way of throttling</h2>',
    `<div class="field"><label for="scenario">scenario</label><div class="inputs"><select id="scenario">${options.join("")}</select></div><p class="hint" id="about"></p></div>`,
    number("events", "events in the burst", mostEvents, 1),
    '<div class="field"><label for="limit">limit of the downstream</label><div class="inputs"><input id="limit" name="limit" type="text" aria-describedby="limit-help"></div><p class="hint" id="limit-help">Calls for a time, such as 1/s, 30/m or 0.5/s; empty: the scenario\'s own.</p></div>',
    number("seed", "seed of chance", mostSeeds, 0),
    '<p><button type="button" id="keep">Keep this result</button> <button type="button" id="reset">Back to the scenario\'s settings</button></p>',
    '</section><section><h2>Settings of the way</h2><div id="own"></div></section><section><h2>The work and the burst</h2><div id="shared"></div></section></form>',
  ].join("\n");
}

function fieldOf(parameter: Parameter, shared: ReadonlySet<string>): Field {
  const { name, description = "", default: value = "", minValue, maxValue, allowedValues } = parameter;
  const bounds = boundsOf(parameter);
  return {
    name,
    value,
    help: bounds === "" || allowedValues !== undefined ? description : `${description} (${bounds})`,
    ...(allowedValues && { values: allowedValues }),
    ...(isNumeric(parameter) && { min: minValue, max: maxValue }),
    // A share is between 0 and 1.
    isWhole: isNumeric(parameter) && (maxValue === undefined || maxValue > 1),
    isShared: shared.has(name),
  };
}

function script(scenarios: unknown, first: unknown): string {
  const start = [
    "()=>{",
    "const held=(id)=>JSON.parse(document.getElementById(id).textContent);",
    'const code=URL.createObjectURL(new Blob([held("worker")],{type:"text/javascript"}));',
    "const worker=new Worker(code);",
    'worker.postMessage(held("explored"));',
    "return worker;",
    "}",
  ].join("");
  return `(${control})(${chartSource},${start},${scriptJson(scenarios)},${scriptJson(first)})`;
}

const style = `
body{max-width:96rem}
.explore{display:grid;grid-template-columns:minmax(17rem,22rem) minmax(0,1fr);gap:0 1.2rem;align-items:start}
.explore form{position:sticky;top:0;max-height:100vh;overflow-y:auto}
.field{margin:.7rem 0}.field label{font-weight:600;font-size:.92rem}
.inputs{display:flex;gap:.6rem;align-items:center}.inputs>*{min-width:0;font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:6px;padding:.25rem .4rem}
.inputs select,.inputs input:only-child{width:100%}.inputs input[type=range]{flex:1;padding:0;accent-color:var(--accent)}.inputs input[type=range]+input{width:6.5rem}
.field .hint{margin:.15rem 0}#own .hint,#shared .hint{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}.field:focus-within .hint{-webkit-line-clamp:none!important}
#answer.outdated{opacity:.55}
#status{margin:1.1rem 0 0;color:var(--quiet)}
@media (max-width:60rem){.explore{grid-template-columns:minmax(0,1fr)}.explore form{position:static;max-height:none}}
`.replaceAll("\n", "");
