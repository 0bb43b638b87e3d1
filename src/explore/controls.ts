/** The page's own script: controls that ask the worker at every change, and show its answer. */
// @ts-nocheck: it runs in the reader's browser, whose types the rest of the program must not see; test/browser tries it.

/**
 * Stands alone, because its source goes into the page. `drawCharts` draws the charts of the page, `start` starts a worker that simulates,
 * and `scenarios` are as `page.ts` describes them.
 */
export function control(drawCharts, start, scenarios, first) {
  const $ = (selector) => document.querySelector(selector);
  const form = $("form");
  const choice = $("#scenario");
  const status = $("#status");
  const answerHost = $("#answer");
  const problem = $("#problem");
  const command = $("#command code");
  const keptHost = $("#kept");
  const steps = 1_000;
  let worker = null;
  let isBusy = false;
  let isStale = false;
  const waiting = [];

  /** A slider over orders of magnitude is finer where values are small. */
  function isWide({ min, max }) {
    return max - min > steps;
  }

  function valueAt(field, position) {
    const share = position / steps;
    const value = field.min + (field.max - field.min) * (isWide(field) ? share ** 4 : share);
    if (!field.isWhole) return Number(value.toPrecision(3));
    const digits = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
    return Math.min(field.max, Math.round(value / digits) * digits);
  }

  function positionOf(field, value) {
    const share = Math.min(1, Math.max(0, (value - field.min) / (field.max - field.min)));
    return Math.round(steps * (isWide(field) ? share ** 0.25 : share));
  }

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  /** A number has a slider beside it, where it has bounds. */
  function inputOf(field) {
    const id = `setting-${field.name}`;
    const attributes = { id, "aria-describedby": `${id}-help` };
    if (field.values) {
      const options = field.values.map((value) => element("option", { value }, value));
      const select = element("select", attributes, ...options);
      select.value = field.value;
      return [select];
    }
    const input = element("input", { ...attributes, value: field.value, type: "text", autocomplete: "off" });
    if (field.min === undefined || field.max === undefined) return [input];
    input.inputMode = "decimal";
    const slider = element("input", { type: "range", min: 0, max: steps, "aria-label": `${field.name}, slider` });
    slider.value = positionOf(field, Number(field.value));
    slider.addEventListener("input", () => {
      input.value = valueAt(field, Number(slider.value));
    });
    input.addEventListener("input", () => {
      slider.value = positionOf(field, Number(input.value));
    });
    return [slider, input];
  }

  function fieldOf(field) {
    const id = `setting-${field.name}`;
    return element(
      "div",
      { class: "field" },
      element("label", { for: id }, field.name),
      element("div", { class: "inputs" }, ...inputOf(field)),
      element("p", { class: "hint", id: `${id}-help` }, field.help),
    );
  }

  function showScenario() {
    const { fields, summary, limit } = scenarios[choice.value];
    $("#own").replaceChildren(...fields.filter(({ isShared }) => !isShared).map(fieldOf));
    $("#shared").replaceChildren(...fields.filter(({ isShared }) => isShared).map(fieldOf));
    $("#about").textContent = summary;
    form.elements.limit.placeholder = limit ?? "none";
  }

  /** A setting may be called as one of the page's own controls is. */
  function settingOf(name) {
    return document.getElementById(`setting-${name}`);
  }

  function question() {
    const { fields } = scenarios[choice.value];
    const overrides = fields.flatMap(({ name, value }) => {
      const given = settingOf(name).value.trim();
      return given === value ? [] : [`${name}=${given}`];
    });
    const whole = (name) => Number(form.elements[name].value);
    const { limit } = form.elements;
    return {
      scenario: Number(choice.value),
      overrides,
      events: whole("events"),
      seed: whole("seed"),
      limit: limit.value,
    };
  }

  /** Names what is asked in the address, so that it can be passed on. */
  function address({ scenario, overrides, events, seed, limit }) {
    const words = new URLSearchParams({ scenario: scenarios[scenario].name, events, seed });
    if (limit.trim() !== "") words.set("limit", limit.trim());
    for (const override of overrides) words.append("set", override);
    return `#${words}`;
  }

  function readAddress() {
    const words = new URLSearchParams(location.hash.slice(1));
    const called = words.get("scenario") ?? scenarios[0].name;
    const named = scenarios.findIndex(({ name, alias }) => [name, alias].includes(called));
    choice.value = Math.max(0, named);
    showScenario();
    for (const name of ["events", "seed", "limit"]) form.elements[name].value = words.get(name) ?? first[name];
    for (const override of words.getAll("set")) {
      const [name] = override.split("=", 1);
      const input = settingOf(name);
      if (input === null) continue;
      input.value = override.slice(name.length + 1);
      input.dispatchEvent(new Event("input"));
    }
  }

  function send(request) {
    if (isBusy) {
      waiting.push(request);
      return;
    }
    isBusy = true;
    answerHost.setAttribute("aria-busy", "true");
    worker.postMessage(request);
  }

  /** One question at a time: while one is answered, only the last that came meanwhile waits. */
  function ask() {
    if (!form.reportValidity()) return;
    const asked = question();
    history.replaceState(null, "", address(asked));
    if (isBusy) {
      isStale = true;
      return;
    }
    status.textContent = "Simulating …";
    send({ ask: asked });
  }

  function show({ html, charts, command: line, simulatedInMs, error }) {
    problem.hidden = error === undefined;
    problem.textContent = error ?? "";
    answerHost.classList.toggle("outdated", error !== undefined);
    if (error !== undefined) {
      status.textContent = "Not simulated.";
      return;
    }
    const open = [...answerHost.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
    answerHost.style.minHeight = `${answerHost.offsetHeight}px`;
    answerHost.innerHTML = html;
    for (const summary of answerHost.querySelectorAll("details > summary")) {
      summary.parentElement.open = open.includes(summary.textContent);
    }
    drawCharts(charts);
    answerHost.style.minHeight = "";
    command.textContent = line;
    status.textContent = `Simulated in ${Math.round(simulatedInMs)} ms.`;
    const verdict = [...answerHost.querySelectorAll(".verdict li")].map((part) => part.textContent);
    $("#verdict").textContent = verdict.join("; ");
  }

  function fail(text) {
    problem.hidden = false;
    problem.textContent = `This is a bug in throttle-bench; please report it with these lines: ${text}`;
    status.textContent = "Not simulated.";
  }

  function receive({ data }) {
    isBusy = false;
    answerHost.removeAttribute("aria-busy");
    if (data.bug !== undefined) fail(data.bug);
    else if (data.kept !== undefined) {
      keptHost.innerHTML = data.kept;
      $("#kept-results").hidden = data.kept === "";
    } else if (!isStale || data.answer.error === undefined) show(data.answer);
    if (waiting.length > 0) send(waiting.shift());
    else if (isStale) {
      isStale = false;
      ask();
    }
  }

  worker = start();
  worker.onmessage = receive;
  worker.onerror = (event) => fail(event.message);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target === choice) showScenario();
    ask();
  });
  $("#keep").addEventListener("click", () => send({ keep: true }));
  $("#forget").addEventListener("click", () => send({ forget: true }));
  $("#reset").addEventListener("click", () => {
    showScenario();
    ask();
  });
  $("#copy").addEventListener("click", () => navigator.clipboard?.writeText(command.textContent));
  addEventListener("hashchange", () => {
    readAddress();
    ask();
  });
  readAddress();
  ask();
}
