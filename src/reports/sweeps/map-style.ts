/** The colours of a sweep's maps: a ramp for each standing, light and dark. */
import type { CellStanding } from "../../simulation/sweep/sweep.ts";

/** Cells that were simulated. */
export type Drawn = Exclude<CellStanding, "refused">;

/** From the least value to the greatest: backgrounds, and the text on them. */
const palettes: Record<
  "light" | "dark",
  Record<Drawn, readonly [background: string, text: string][]> & {
    page: string;
    text: string;
    muted: string;
    line: string;
    best: string;
  }
> = {
  light: {
    page: "#ffffff",
    text: "#1f2937",
    muted: "#5b6472",
    line: "#d5dae1",
    best: "#111827",
    keeps: [
      ["#e3f1f7", "#12303c"],
      ["#bfe0ec", "#12303c"],
      ["#93cadd", "#12303c"],
      ["#5fabc6", "#0b222c"],
      ["#2d7d9c", "#ffffff"],
      ["#145672", "#ffffff"],
    ],
    doubtful: [
      ["#fbf4d6", "#40350b"],
      ["#f3e6ac", "#40350b"],
      ["#e4cf78", "#40350b"],
      ["#c9ae45", "#2b2407"],
      ["#857016", "#ffffff"],
      ["#655308", "#ffffff"],
    ],
    breaks: [
      ["#fbe7e1", "#4a1a10"],
      ["#f4cabd", "#4a1a10"],
      ["#e8a591", "#4a1a10"],
      ["#d67a62", "#33100a"],
      ["#ac452f", "#ffffff"],
      ["#7f2a19", "#ffffff"],
    ],
  },
  dark: {
    page: "#111827",
    text: "#f3f4f6",
    muted: "#a6afbd",
    line: "#374151",
    best: "#ffffff",
    keeps: [
      ["#123644", "#d9eff7"],
      ["#17495d", "#e3f4fa"],
      ["#1f6480", "#ffffff"],
      ["#2b7a98", "#ffffff"],
      ["#63b0cb", "#08202a"],
      ["#a3d6e6", "#08202a"],
    ],
    doubtful: [
      ["#3a3210", "#f7efcb"],
      ["#524716", "#f7efcb"],
      ["#665a1d", "#ffffff"],
      ["#857429", "#ffffff"],
      ["#c0ab50", "#221c05"],
      ["#e2d28a", "#221c05"],
    ],
    breaks: [
      ["#43201a", "#fbe3dc"],
      ["#5c2b22", "#fbe3dc"],
      ["#7b3a2c", "#ffffff"],
      ["#a3513e", "#ffffff"],
      ["#cd7f69", "#2a0d07"],
      ["#eab4a4", "#2a0d07"],
    ],
  },
};

/** The rules of the picture, plain ones, because not every renderer knows variables. */
export function mapStyle(theme: "light" | "system"): string {
  const fonts =
    ".map text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif}.map .name{font-size:17px;font-weight:600}.map .title{font-weight:600}.map .small{font-size:10px}.map .end{text-anchor:end}.map .middle{text-anchor:middle}.map .mark{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}.map .best{fill:none;stroke-width:2.5}.map .none{fill:none;stroke-dasharray:3 3}.map .over{fill:url(#hatch)}";
  if (theme === "light") return fonts + coloursOf("light");
  return `${fonts}${coloursOf("light")}@media screen and (prefers-color-scheme:dark){${coloursOf("dark")}}`;
}

function coloursOf(theme: "light" | "dark"): string {
  const { page, text: ink, muted, line, best, ...ramps } = palettes[theme];
  const shadeRules = Object.entries(ramps).flatMap(([standing, ramp]) =>
    ramp.map(([background, text], shade) => {
      const name = `.map .${standing}-${shade}`;
      return `${name} rect.fill{fill:${background}}${name} text{fill:${text}}${name} .mark{stroke:${text}}`;
    }),
  );
  return [
    `.map .page{fill:${page}}.map text{fill:${ink}}.map .muted{fill:${muted}}.map .none{stroke:${muted}}.map .plain .mark{stroke:${ink}}.map .best{stroke:${best}}`,
    `.map .hatch{stroke:${page};stroke-width:1.6;opacity:.4;fill:none}`,
    ...shadeRules,
  ].join("");
}
