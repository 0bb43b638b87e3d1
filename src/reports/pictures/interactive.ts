/** The HTML report's own script: the stories of runs as charts with a cursor and a zoom, each as wide as the reader's window. */
// @ts-nocheck: it runs in the reader's browser, whose types the rest of the program must not see; test/browser tries it.

/**
 * Stands alone, because its source goes into the page: `scale` brings the functions of axes and curves, `drawing` is what `chartDrawing`
 * returns, `runs` are as `chart-data.ts` makes them. Each `.chart` of the page shows the runs that it names by their ids: one with all its
 * series, or several over each other with the first of each.
 */
export function interact(scale, drawing, runs) {
  for (const host of document.querySelectorAll(".chart")) {
    const ids = host.dataset.runs.split(" ");
    chart(
      host,
      runs.map((run, index) => ({ ...run, index })).filter(({ id }) => ids.includes(id)),
    );
  }

  function chart(host, members) {
    const plots = host.querySelector(".plots");
    const tip = host.querySelector(".tip");
    const spoken = host.querySelector(".spoken");
    const reset = host.querySelector("button");
    const isAlone = members.length === 1;
    const end = members.reduce((most, run) => Math.max(most, run.seconds), 1);
    const panels = drawing.panelsOf(members, isAlone);
    const beginnings = new Set(members.map((run) => run.since));
    const since = beginnings.size > 1 ? "each run's beginning" : [...beginnings][0];
    const hidden = new Set(
      [...host.querySelectorAll("input")].filter((box) => !box.checked).map((box) => Number(box.value)),
    );
    let view = [0, end];
    let cursor = null;
    let dragFrom = null;
    let drawn = null;

    function draw() {
      drawn = drawing.draw(panels, { width: plots.clientWidth, isAlone, view, hidden, since });
      plots.replaceChildren(drawn.svg);
      reset.disabled = view[0] === 0 && view[1] === end;
      point();
    }

    /** Moves the cursor and the selection, and leaves the rest of the drawing as it is. */
    function point() {
      const { top } = drawn;
      const line = plots.querySelector(".cursor");
      line.setAttribute("d", cursor === null ? "" : `M${drawn.xOf(cursor)} ${top}V${drawn.foot}`);
      const box = plots.querySelector(".selection");
      const isDragged = dragFrom !== null && cursor !== null;
      const [from, to] = isDragged ? [drawn.xOf(dragFrom), drawn.xOf(cursor)].sort((a, b) => a - b) : [0, 0];
      for (const [name, value] of Object.entries({ x: from, y: top, width: to - from, height: drawn.foot - top })) {
        box.setAttribute(name, value);
      }
    }

    /** For each run what its series read at a second. */
    function readings(second) {
      return members
        .filter(({ index }) => !hidden.has(index))
        .map((run) => {
          const texts = panels.flatMap(({ parts }) => {
            const own = parts.filter((part) => part.run === run.index);
            return own.length === 0 ? [] : readingOf(own, second, isAlone);
          });
          return { run, text: second > run.seconds ? "over" : texts.join(", ") };
        });
    }

    function showTip(x, top) {
      if (cursor === null) {
        tip.hidden = true;
        return;
      }
      const lines = readings(cursor).map(({ run, text }) => {
        const line = document.createElement("div");
        if (isAlone) {
          line.append(text);
          return line;
        }
        const swatch = document.createElement("i");
        swatch.className = `swatch run-${run.index % 6}`;
        line.append(swatch, ` ${run.name}: ${text}`);
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
      const texts = readings(cursor).map(({ run, text }) => (isAlone ? text : `${run.name}: ${text}`));
      spoken.textContent = `At ${scale.clockTime(cursor)}: ${texts.join("; ")}`;
    }

    function zoom(from, to) {
      const shortest = Math.min(5, end);
      const middle = (from + to) / 2;
      const half = Math.max(shortest, to - from) / 2;
      const start = Math.max(0, Math.min(middle - half, end - 2 * half));
      view = [start, Math.min(end, start + 2 * half)];
    }

    function unzoom() {
      zoom(0, end);
      draw();
    }

    function place(event) {
      const box = plots.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    }

    plots.addEventListener("pointermove", (event) => {
      const { x, y } = place(event);
      cursor = drawn.secondAt(x);
      point();
      showTip(x, y + 14);
    });
    plots.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragFrom = drawn.secondAt(place(event).x);
      plots.setPointerCapture(event.pointerId);
    });
    plots.addEventListener("pointerup", (event) => {
      const to = drawn.secondAt(place(event).x);
      const from = dragFrom;
      dragFrom = null;
      if (from !== null && Math.abs(drawn.xOf(to) - drawn.xOf(from)) > 6) zoom(Math.min(from, to), Math.max(from, to));
      draw();
    });
    plots.addEventListener("pointercancel", () => {
      dragFrom = null;
      point();
    });
    plots.addEventListener("pointerleave", () => {
      if (dragFrom !== null) return;
      cursor = null;
      point();
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
      showTip(drawn.xOf(cursor), drawn.top);
      speak();
    });
    plots.addEventListener("dblclick", unzoom);
    reset.addEventListener("click", unzoom);
    for (const box of host.querySelectorAll("input")) {
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(Number(box.value));
        else hidden.add(Number(box.value));
        draw();
      });
    }
    host.hidden = false;
    new ResizeObserver(draw).observe(plots);
    draw();
  }

  /** The readings of the parts of one panel; a stroke that is missing is a 0, of another series nothing is known there. */
  function readingOf(parts, second, isAlone) {
    if (parts[0].kind === "flow") {
      const { published, completed, failed } = parts[0].flow;
      const [all, done, lost] = [published, completed, failed].map((curve) =>
        Math.round(scale.eventsAt(curve, second)),
      );
      if (!isAlone) return [`${done} completed`];
      const waiting = Math.max(0, all - done - lost);
      return [
        `${all} published`,
        `${done} completed`,
        ...(failed.length > 0 ? [`${lost} failed`] : []),
        `${waiting} waiting`,
      ];
    }
    const strokes = parts.filter(({ drawn }) => drawn === "strokes");
    const others = parts.filter(({ drawn }) => drawn !== "strokes");
    const values = strokes.map((part) => valueAt(part, second)).filter((value) => value !== null);
    return [
      ...(strokes.length === 0 ? [] : [`${Math.max(0, ...values)} ${strokes[0].reads}`]),
      ...others.flatMap((part) => {
        const value = valueAt(part, second);
        return value === null ? [] : [`${Math.round(value * 100) / 100} ${part.reads}`];
      }),
    ];
  }

  function valueAt(series, second) {
    const spans = drawing.spansOf(series, second, second + 1e-9);
    return spans.length > 0 ? spans[spans.length - 1][2] : null;
  }
}
