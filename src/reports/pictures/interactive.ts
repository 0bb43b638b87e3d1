/** The HTML report's own script: timelines of several runs over each other, with a cursor and a zoom. */
// @ts-nocheck: it runs in the reader's browser, whose types the rest of the program must not see; test/browser tries it.

/**
 * Stands alone, because its source goes into the page: `scale` brings the axes' functions, `titles` are the panels from
 * top to bottom. A run has some of these; one is `{ step, values }`, a value for every `step` seconds, or `{ spans }` of
 * `[from, to, value]`.
 */
export function interact(scale, { titles: allTitles, runs }) {
  const svgNamespace = "http://www.w3.org/2000/svg";
  const host = document.getElementById("interactive");
  const plots = host.querySelector(".plots");
  const tip = host.querySelector(".tip");
  const spoken = host.querySelector(".spoken");
  const reset = host.querySelector("button");
  const margin = { left: 46, right: 14, top: 26, gap: 40, bottom: 42 };
  const end = runs.reduce((most, run) => Math.max(most, run.seconds), 1);
  const titles = allTitles.filter((title) => runs.some((run) => seriesOf(run, title)));
  const hidden = new Set();
  let view = [0, end];
  let cursor = null;
  let dragFrom = null;

  function shownRuns() {
    return runs.map((run, index) => ({ ...run, index })).filter((run) => !hidden.has(run.index));
  }

  function seriesOf(run, title) {
    return run.panels.find((panel) => panel.title === title);
  }

  function spansOf(series, from, to) {
    if (series.spans) return series.spans.filter((span) => span[1] > from && span[0] < to);
    const first = Math.max(0, Math.floor(from / series.step));
    const last = Math.min(series.values.length, Math.ceil(to / series.step));
    const spans = [];
    for (let index = first; index < last; index++) {
      spans.push([index * series.step, (index + 1) * series.step, series.values[index]]);
    }
    return spans;
  }

  function highest(spans) {
    return spans.reduce((most, span) => Math.max(most, span[2]), 0);
  }

  function element(name, attributes, text) {
    const made = document.createElementNS(svgNamespace, name);
    for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function geometry() {
    const width = Math.max(280, plots.clientWidth);
    return { width, plotWidth: width - margin.left - margin.right };
  }

  function xOf(second) {
    return margin.left + ((second - view[0]) / (view[1] - view[0])) * geometry().plotWidth;
  }

  function secondAt(x) {
    const share = Math.min(1, Math.max(0, (x - margin.left) / geometry().plotWidth));
    return view[0] + share * (view[1] - view[0]);
  }

  /** The outline of the highest value in each pixel column, so that no peak is lost at any zoom. */
  function outline(spans, y, plotWidth) {
    const columns = new Array(Math.ceil(plotWidth) + 1).fill(null);
    for (const [from, to, value] of spans) {
      const first = Math.max(0, Math.round(xOf(from) - margin.left));
      const last = Math.min(columns.length, Math.max(first + 1, Math.round(xOf(to) - margin.left)));
      for (let column = first; column < last; column++) columns[column] = Math.max(columns[column] ?? 0, value);
    }
    let line = "";
    let area = "";
    let previous = null;
    columns.forEach((value, column) => {
      if (value === previous) return;
      const x = margin.left + column;
      if (previous !== null) {
        line += `H${x}`;
        area += `H${x}`;
      }
      if (value === null) area += `V${y(0)}z`;
      else if (previous === null) {
        line += `M${x} ${y(value)}`;
        area += `M${x} ${y(0)}V${y(value)}`;
      } else {
        line += `V${y(value)}`;
        area += `V${y(value)}`;
      }
      previous = value;
    });
    if (previous === null) return { line, area };
    const x = margin.left + columns.length - 1;
    return { line: `${line}H${x}`, area: `${area}H${x}V${y(0)}z` };
  }

  function draw() {
    const { width, plotWidth } = geometry();
    const heights = titles.map((_, index) => (index === 0 ? 150 : 74));
    const total = heights.reduce((sum, height) => sum + height + margin.gap, margin.top) - margin.gap + margin.bottom;
    const svg = element("svg", { width, height: total, viewBox: `0 0 ${width} ${total}`, "aria-hidden": "true" });
    const [, step] = scale.timeTicks(view[1] - view[0], Math.max(2, Math.floor(plotWidth / 84)));
    const times = [];
    for (let at = Math.ceil(view[0] / step) * step; at <= view[1]; at += step) times.push(at);
    let top = margin.top;
    titles.forEach((title, panel) => {
      const height = heights[panel];
      const visible = shownRuns()
        .filter((run) => seriesOf(run, title))
        .map((run) => ({ run, spans: spansOf(seriesOf(run, title), view[0], view[1]) }));
      const peak = visible.reduce((most, each) => Math.max(most, highest(each.spans)), 0);
      const ticks = scale.valueTicks(peak, panel === 0 ? 4 : 2);
      const bottom = top + height;
      const y = (value) => Math.round((bottom - (value / ticks[ticks.length - 1]) * height) * 10) / 10;
      svg.append(element("text", { x: margin.left, y: top - 9, class: "heading" }, title));
      for (const value of ticks) {
        svg.append(element("path", { class: "rule", d: `M${margin.left} ${y(value)}h${plotWidth}` }));
        svg.append(
          element("text", { x: margin.left - 6, y: y(value) + 4, class: "label ends" }, scale.shortNumber(value)),
        );
      }
      for (const second of times) svg.append(element("path", { class: "rule", d: `M${xOf(second)} ${top}v${height}` }));
      for (const { run, spans } of visible) {
        const { line, area } = outline(spans, y, plotWidth);
        svg.append(element("path", { class: `area run-${run.index % 6}`, d: area }));
        svg.append(element("path", { class: `curve run-${run.index % 6}`, d: line }));
      }
      top = bottom + margin.gap;
    });
    const foot = top - margin.gap;
    for (const second of times) {
      svg.append(element("text", { x: xOf(second), y: foot + 17, class: "label centred" }, scale.clockTime(second)));
    }
    const unit = view[1] > 3600 ? "h:min:s" : "min:s";
    svg.append(
      element(
        "text",
        { x: margin.left + plotWidth / 2, y: foot + 36, class: "label centred" },
        `time since each run's first insert (${unit})`,
      ),
    );
    if (cursor !== null) svg.append(element("path", { class: "cursor", d: `M${xOf(cursor)} ${margin.top}V${foot}` }));
    if (dragFrom !== null && cursor !== null) {
      const [from, to] = [xOf(dragFrom), xOf(cursor)].sort((a, b) => a - b);
      svg.append(
        element("rect", { class: "selection", x: from, y: margin.top, width: to - from, height: foot - margin.top }),
      );
    }
    plots.replaceChildren(svg);
    reset.disabled = view[0] === 0 && view[1] === end;
  }

  function valueAt(series, second) {
    const spans = spansOf(series, second, second + 1e-9);
    return spans.length > 0 ? spans[spans.length - 1][2] : null;
  }

  function readings(second) {
    return shownRuns().map((run) => ({
      run,
      values: run.panels
        .map((panel) => ({ panel, value: valueAt(panel, second) }))
        .filter(({ value }) => value !== null)
        .map(({ panel, value }) => `${value} ${panel.counts}`),
    }));
  }

  function showTip(x, top) {
    if (cursor === null) {
      tip.hidden = true;
      return;
    }
    const lines = readings(cursor).map(({ run, values }) => {
      const line = document.createElement("div");
      const swatch = document.createElement("i");
      swatch.className = `swatch run-${run.index % 6}`;
      line.append(swatch, ` ${run.name}: ${values.join(", ") || "over"}`);
      return line;
    });
    const time = document.createElement("b");
    time.textContent = scale.clockTime(cursor);
    tip.replaceChildren(time, ...lines);
    tip.hidden = false;
    const room = plots.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, x > room - 16 ? x - tip.offsetWidth - 16 : x + 16))}px`;
    tip.style.top = `${Math.max(0, top)}px`;
  }

  function speak() {
    spoken.textContent = `At ${scale.clockTime(cursor)}: ${readings(cursor)
      .map(({ run, values }) => `${run.name}: ${values.join(", ") || "over"}`)
      .join("; ")}`;
  }

  function zoom(from, to) {
    const shortest = Math.min(5, end);
    const middle = (from + to) / 2;
    const half = Math.max(shortest, to - from) / 2;
    const start = Math.max(0, Math.min(middle - half, end - 2 * half));
    view = [start, Math.min(end, start + 2 * half)];
  }

  function place(event) {
    const box = plots.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  plots.addEventListener("pointermove", (event) => {
    const { x, y } = place(event);
    cursor = secondAt(x);
    draw();
    showTip(x, y + 14);
  });
  plots.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragFrom = secondAt(place(event).x);
    plots.setPointerCapture(event.pointerId);
  });
  plots.addEventListener("pointerup", (event) => {
    const to = secondAt(place(event).x);
    const from = dragFrom;
    dragFrom = null;
    if (from !== null && Math.abs(xOf(to) - xOf(from)) > 6) zoom(Math.min(from, to), Math.max(from, to));
    draw();
  });
  plots.addEventListener("pointercancel", () => {
    dragFrom = null;
    draw();
  });
  plots.addEventListener("pointerleave", () => {
    if (dragFrom !== null) return;
    cursor = null;
    draw();
    showTip();
  });
  plots.addEventListener("keydown", (event) => {
    const length = view[1] - view[0];
    const at = cursor ?? view[0];
    const moves = {
      ArrowLeft: () => Math.max(view[0], at - Math.max(1, length / 100)),
      ArrowRight: () => Math.min(view[1], at + Math.max(1, length / 100)),
      Home: () => view[0],
      End: () => view[1],
    };
    if (moves[event.key]) cursor = moves[event.key]();
    else if (event.key === "+") zoom(at - length / 4, at + length / 4);
    else if (event.key === "-") zoom(at - length, at + length);
    else if (event.key === "Escape") zoom(0, end);
    else return;
    event.preventDefault();
    cursor ??= at;
    draw();
    showTip(xOf(cursor), margin.top);
    speak();
  });
  plots.addEventListener("dblclick", unzoom);
  reset.addEventListener("click", unzoom);
  function unzoom() {
    zoom(0, end);
    draw();
  }
  for (const box of host.querySelectorAll("input")) {
    box.addEventListener("change", () => {
      if (box.checked) hidden.delete(Number(box.value));
      else hidden.add(Number(box.value));
      draw();
    });
  }
  new ResizeObserver(draw).observe(plots);
  host.hidden = false;
  draw();
}
