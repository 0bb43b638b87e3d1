/** How the page's script draws a chart: the flow of a run or of several, and panels below it over the same seconds. */
// @ts-nocheck: it runs in the reader's browser, whose types the rest of the program must not see; test/browser tries it.

/** Stands alone, because its source goes into the page. `scale` brings the functions of axes and curves. */
export function chartDrawing(scale) {
  const svgNamespace = "http://www.w3.org/2000/svg";
  const fewestPixels = 280;
  const shortestStroke = 1.5;
  const pixelsPerCharacter = 6.4;
  const rowHeight = 17;
  return { panelsOf, draw, spansOf };

  /**
   * Draws the panels for a window so many pixels wide, over the seconds of `view`, without the runs that are hidden. Of what it returns,
   * `xOf` and `secondAt` go from second to pixel and back, `top` and `foot` are the ends of what a cursor crosses.
   */
  function draw(panels, { width: room, isAlone, view, hidden, since }) {
    const drawn = geometry();
    const { width, left, plotWidth, placed, foot, total } = drawn;
    const svg = element("svg", { width, height: total, viewBox: `0 0 ${width} ${total}`, "aria-hidden": "true" });
    const [, step = 1] = scale.timeTicks(view[1] - view[0], Math.max(2, Math.floor(plotWidth / 84)));
    const times = [];
    for (let at = Math.ceil(view[0] / step) * step; at <= view[1]; at += step) times.push(at);
    for (const [index, panel] of panels.entries()) drawPanel(svg, panel, placed[index], times);
    const label = (x, y, text) => svg.append(element("text", { x, y, class: "label centred" }, text));
    for (const second of times) label(xOf(second), foot + 17, scale.clockTime(second));
    label(left + plotWidth / 2, foot + 36, `time since ${since} (${view[1] > 3600 ? "h:min:s" : "min:s"})`);
    svg.append(element("path", { class: "cursor" }), element("rect", { class: "selection", width: 0 }));
    return { svg, top: placed[0].top, foot, xOf, secondAt };

    function geometry() {
      const width = Math.max(fewestPixels, room);
      const left = 46;
      const plotWidth = width - left - 14;
      const placed = [];
      let top = 26;
      for (const panel of panels) {
        const rows = legendRows(panel, plotWidth);
        // A legend for which there is no room beside the title stands below it.
        const above = rows.isBeside ? 0 : rows.length * rowHeight;
        placed.push({ top: top + above, rows, above });
        top += above + panel.height + 40;
      }
      return { width, left, plotWidth, placed, foot: top - 40, total: top + 2 };
    }

    /** The legend's entries in rows that fit; `isBeside`: in one beside the title. */
    function legendRows({ title, legend, parts }, plotWidth) {
      const limits = new Map(parts.flatMap(({ limit }) => (limit ? [[limit.text, limit]] : [])));
      const entries = [
        ...(isAlone ? legend : []),
        ...[...limits.keys()].map((text) => ({ tone: "limit", sign: "▬", text })),
      ];
      const widthOf = ({ text }) => (text.length + 5) * pixelsPerCharacter;
      const rows = [];
      let room = 0;
      for (const entry of entries) {
        if (widthOf(entry) > room) {
          rows.push([]);
          room = plotWidth;
        }
        rows[rows.length - 1].push(entry);
        room -= widthOf(entry);
      }
      const isOne = rows.length === 1 && room > title.length * pixelsPerCharacter * 1.15;
      return Object.assign(rows, { isBeside: isOne || rows.length === 0 });
    }

    function xOf(second) {
      return drawn.left + ((second - view[0]) / (view[1] - view[0])) * drawn.plotWidth;
    }

    function secondAt(x) {
      const share = Math.min(1, Math.max(0, (x - drawn.left) / drawn.plotWidth));
      return view[0] + share * (view[1] - view[0]);
    }

    function drawPanel(svg, panel, { top, rows, above }, times) {
      const { left, plotWidth } = drawn;
      const { height } = panel;
      const shown = panel.parts.filter(({ run }) => !hidden.has(run));
      const peak = shown.reduce((most, part) => Math.max(most, highest(part, view)), 0);
      const limits = new Set(shown.flatMap(({ limit }) => (limit ? [limit.value] : [])));
      const ticks = scale.valueTicks(peak, height > 100 ? 4 : 2);
      // A limit's line does not lie on the edge.
      const most = Math.max(ticks[ticks.length - 1], ...[...limits].map((value) => value * 1.25));
      const bottom = top + height;
      const y = (value) => Math.round((bottom - (value / most) * height) * 10) / 10;
      svg.append(element("text", { x: left, y: top - 9 - above, class: "heading" }, panel.title));
      for (const [index, row] of rows.entries()) {
        const y = top - 9 - (rows.length - 1 - index) * rowHeight;
        svg.append(legendRow(row, y, rows.isBeside));
      }
      for (const value of ticks) {
        svg.append(element("path", { class: "rule", d: `M${left} ${y(value)}h${plotWidth}` }));
        svg.append(element("text", { x: left - 6, y: y(value) + 4, class: "label ends" }, scale.shortNumber(value)));
      }
      for (const second of times) svg.append(element("path", { class: "rule", d: `M${xOf(second)} ${top}v${height}` }));
      for (const part of shown) for (const path of pathsOf(part, y)) svg.append(element("path", path));
      for (const value of limits) {
        svg.append(element("path", { class: "line-limit", d: `M${left} ${y(value)}h${plotWidth}` }));
      }
    }

    /** The meanings of the colours; of runs over each other the list above tells them. */
    function legendRow(entries, y, isBeside) {
      const { left, plotWidth } = drawn;
      const text = element("text", {
        y,
        x: isBeside ? left + plotWidth : left,
        class: isBeside ? "label ends" : "label",
      });
      for (const [index, entry] of entries.entries()) {
        const space = index > 0 ? "\u00a0\u00a0 " : "";
        text.append(space, element("tspan", { class: `fill-${entry.tone}` }, entry.sign), ` ${entry.text}`);
      }
      return text;
    }

    function pathsOf(part, y) {
      if (part.kind === "flow") return flowPaths(part, y);
      const own = isAlone ? null : `run-${part.run % 6}`;
      const spans = spansOf(part, view[0], view[1]);
      const stroke = own ? `curve ${own}` : `line-${part.tone}`;
      if (part.drawn === "strokes") return [{ class: stroke, d: strokes(spans, y) }];
      const { line, area } = outline(spans, y);
      const fill = own ? `area ${own}` : `fill-${part.tone} faint`;
      return [...(part.drawn === "filled" ? [{ class: fill, d: area }] : []), { class: stroke, d: line }];
    }

    /** The gap between what was published and what completed or failed is the backlog; its width at one height is the wait. */
    function flowPaths({ flow, run }, y) {
      const at = secondsOf(flow);
      const completed = (second) => scale.eventsAt(flow.completed, second);
      const ended = (second) => completed(second) + scale.eventsAt(flow.failed, second);
      const published = (second) => scale.eventsAt(flow.published, second);
      const line = (value, order = at) => order.map((second) => `${xOf(second)} ${y(value(second))}`).join("L");
      const between = (upper, lower) => `M${line(upper)}L${line(lower, [...at].reverse())}z`;
      if (!isAlone) return [{ class: `curve run-${run % 6}`, d: `M${line(completed)}` }];
      return [
        { class: "area-completed", d: between(completed, () => 0) },
        { class: "area-waiting", d: between((second) => Math.max(published(second), ended(second)), ended) },
        ...(flow.failed.length > 0 ? [{ class: "fill-failed", d: between(ended, completed) }] : []),
        { class: "line-published", d: `M${line(published)}` },
        ...(flow.failed.length > 0 ? [{ class: "line-failed", d: `M${line(ended)}` }] : []),
        { class: "line-completed", d: `M${line(completed)}` },
      ];
    }

    /** The seconds at which the curves bend, a pixel apart at least, with the view's ends. */
    function secondsOf(flow) {
      const bends = [...flow.published, ...flow.completed, ...flow.failed].map(([second]) => second);
      const within = bends.filter((second) => second > view[0] && second < view[1]).sort((a, b) => a - b);
      let last = xOf(view[0]);
      const apart = within.filter((second) => {
        if (xOf(second) - last < 1) return false;
        last = xOf(second);
        return true;
      });
      return [view[0], ...apart, view[1]];
    }

    function strokes(spans, y) {
      let path = "";
      for (const [from, to, value] of spans) {
        const [start, stop] = [Math.max(xOf(from), drawn.left), Math.min(xOf(to), drawn.left + drawn.plotWidth)];
        path += `M${start.toFixed(1)} ${y(value)}H${Math.max(stop, start + shortestStroke).toFixed(1)}`;
      }
      return path;
    }

    /** The outline of the highest value in each pixel column, so that no peak is lost at any zoom. */
    function outline(spans, y) {
      const columns = new Array(Math.ceil(drawn.plotWidth) + 1).fill(null);
      for (const [from, to, value] of spans) {
        const first = Math.max(0, Math.round(xOf(from) - drawn.left));
        const last = Math.min(columns.length, Math.max(first + 1, Math.round(xOf(to) - drawn.left)));
        for (let column = first; column < last; column++) columns[column] = Math.max(columns[column] ?? 0, value);
      }
      let line = "";
      let area = "";
      let previous = null;
      columns.forEach((value, column) => {
        if (value === previous) return;
        const x = drawn.left + column;
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
      const x = drawn.left + columns.length - 1;
      return { line: `${line}H${x}`, area: `${area}H${x}V${y(0)}z` };
    }
  }

  /** The flow on top, then a panel for each title that a run has; the parts of each are what is drawn in it. */
  function panelsOf(members, isAlone) {
    const flows = members.filter(({ flow }) => flow);
    const first = flows.map(({ flow, index }) => ({ kind: "flow", flow, run: index }));
    const titles = new Map();
    for (const { key, title } of members.flatMap(({ panels }) => panels)) {
      if (!titles.has(key)) titles.set(key, title);
    }
    return [
      ...(first.length === 0
        ? []
        : [
            {
              title: isAlone ? flows[0].flowTitle : "Events completed, cumulative",
              height: isAlone ? 200 : 150,
              legend: flows[0].entries.map(({ of, text }) => ({
                tone: of,
                sign: of === "failed" || of === "waiting" ? "■" : "▬",
                text,
              })),
              parts: first,
            },
          ]),
      ...[...titles].map(([key, title], index) => {
        const parts = members.flatMap((run) => {
          const panel = run.panels.find((one) => one.key === key);
          if (!panel) return [];
          const isPart = ({ drawn }, place) => isAlone || place === 0 || drawn === "strokes";
          return panel.series.filter(isPart).map((series) => ({ ...series, run: run.index, limit: panel.limit }));
        });
        const named = parts.filter(({ spans, values }) => (spans ?? values).length > 0);
        return {
          title,
          height: index === 0 ? 110 : 64,
          legend:
            named.length > 1 || parts.some(({ limit }) => limit)
              ? named.map(({ tone, drawn, name }) => ({ tone, sign: drawn === "filled" ? "■" : "▬", text: name }))
              : [],
          parts,
        };
      }),
    ];
  }

  function spansOf(series, from, to) {
    if (series.spans) return series.spans.filter((span) => span[1] > from && span[0] < to);
    const { start, step, values } = series;
    const first = Math.max(0, Math.floor((from - start) / step));
    const last = Math.min(values.length, Math.ceil((to - start) / step));
    const spans = [];
    for (let index = first; index < last; index++) {
      spans.push([start + index * step, start + (index + 1) * step, values[index]]);
    }
    return spans;
  }

  function highest(part, [from, to]) {
    if (part.kind !== "flow") return spansOf(part, from, to).reduce((most, span) => Math.max(most, span[2]), 0);
    const { published, completed, failed } = part.flow;
    return Math.max(scale.eventsAt(published, to), scale.eventsAt(completed, to) + scale.eventsAt(failed, to));
  }

  function element(name, attributes, text) {
    const made = document.createElementNS(svgNamespace, name);
    for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    return made;
  }
}
