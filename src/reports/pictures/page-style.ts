/** The style of every page: light and dark, on a phone, on paper. */

const light =
  "--page:#f6f7f9;--raised:#ffffff;--text:#1f2937;--quiet:#5b6472;--line:#d5dae1;--accent:#1d4ed8;--warn:#fff7e6;--warn-line:#b45309;--bad:#c81e1e;--run-0:#2563eb;--run-1:#c2410c;--run-2:#0f766e;--run-3:#7c3aed;--run-4:#be185d;--run-5:#4d7c0f";
const dark =
  "--page:#0b1220;--raised:#111827;--text:#f3f4f6;--quiet:#a6afbd;--line:#374151;--accent:#93c5fd;--warn:#2a2110;--warn-line:#f59e0b;--bad:#f87171;--run-0:#60a5fa;--run-1:#fb923c;--run-2:#2dd4bf;--run-3:#a78bfa;--run-4:#f472b6;--run-5:#a3e635";

export const pageStyle = `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1.25rem;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.2rem;margin:0 0 .6rem}h3{font-size:1rem;margin:0 0 .3rem}
section,article{background:var(--raised);border:1px solid var(--line);border-radius:10px;padding:1.1rem;margin:1.1rem 0;min-width:0}
a{color:var(--accent)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;padding:0;margin:.6rem 0}
.badge{display:inline-block;margin:.1rem 0 .6rem;padding:.1rem .6rem;border:1.5px solid var(--warn-line);border-radius:999px;font-size:.85rem;font-weight:600}
.hint{color:var(--quiet);font-size:.88rem;margin:.4rem 0;overflow-wrap:anywhere}
.scrolls{overflow-x:auto;margin:.8rem 0}
.scrolls>svg{display:block;height:auto;max-width:100%}
table{border-collapse:separate;border-spacing:0;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:.85rem;padding-bottom:.3rem}
th,td{padding:.3rem .8rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
thead th{white-space:normal;vertical-align:bottom}
th[scope=row],.words{text-align:left;font-weight:500}th[scope=row]{white-space:normal;position:sticky;left:0;background:var(--raised)}th[scope=rowgroup].words{font-weight:650;white-space:normal}
.gone{color:var(--warn-line);font-weight:600}
.good,.bad,.conclusion{font-weight:600}.bad{color:var(--bad)}.good{color:var(--run-2)}
.verdict ul{list-style:none;padding:0;margin:.4rem 0;font-size:1.05rem}.verdict p{margin:.4rem 0}
.drawn svg{display:block}.drawn .zero{stroke:var(--quiet)}.drawn .interval{stroke:currentColor;stroke-width:3;opacity:.45}.drawn circle{fill:currentColor}
.pairs{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;margin:.6rem 0}.pairs dt,.pairs dd{margin:0}
aside{border-left:4px solid var(--warn-line);background:var(--warn);padding:.7rem 1rem;border-radius:0 8px 8px 0;margin:1rem 0}
aside ul{margin:0;padding-left:1.1rem}aside li:only-child{list-style:none;margin-left:-1.1rem}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600;padding:.25rem 0}
dt{font-weight:600;margin-top:.6rem}dd{margin:0 0 0 1.2rem}
footer{color:var(--quiet);font-size:.85rem}
fieldset{border:0;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.25rem 1.2rem}
legend{float:left;margin-right:1.2rem;padding:0;font-weight:600}
button{font:inherit;padding:.15rem .8rem;border:1px solid var(--line);border-radius:6px;background:var(--page);color:var(--text);cursor:pointer}
button:disabled{color:var(--quiet);cursor:default}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;background:var(--run)}
${[0, 1, 2, 3, 4, 5].map((run) => `.run-${run}{--run:var(--run-${run})}`).join("")}
.stage{position:relative;margin-top:.6rem}
.plots{cursor:crosshair;touch-action:pan-y;user-select:none}
.plots svg{display:block}
.plots .heading{font-weight:600;fill:var(--text)}
.plots .label{fill:var(--quiet)}.plots .ends{text-anchor:end}.plots .centred{text-anchor:middle}
.plots .rule{stroke:var(--line);stroke-width:1;fill:none}
.plots .curve{stroke:var(--run);stroke-width:1.5;fill:none}.plots .area{fill:var(--run);opacity:.16}.plots .faint{fill-opacity:.35}
.plots .cursor{stroke:var(--quiet);stroke-dasharray:3 3}
.plots .selection{fill:var(--accent);opacity:.18}
.tip{position:absolute;pointer-events:none;background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.35rem .6rem;font-size:.82rem;max-width:min(26rem,90vw);box-shadow:0 2px 10px #0003}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:40rem){body{padding:.6rem}section,article{padding:.8rem}table{font-size:.88rem}th,td{padding:.3rem .4rem;white-space:normal}th[scope=row]{min-width:5.8rem}td.words{min-width:5.4rem}.scrolls>svg{max-width:none}.pairs{grid-template-columns:1fr}.pairs dd{margin-bottom:.4rem}}
@media print{body{max-width:none;background:none;padding:0}.scrolls{overflow:visible}section,article{border:0;padding:0}article{break-before:page}nav,.hint button,fieldset{display:none}details{display:block}tr,svg{break-inside:avoid}}
`.replaceAll("\n", "");
