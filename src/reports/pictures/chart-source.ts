/** The source of a page's charts: a function that takes runs as `chart-data.ts` makes them, and draws every chart of the page. */
import { eventsAt } from "../../metrics/story.ts";
import { chartDrawing } from "./chart-drawing.ts";
import { interact } from "./interactive.ts";
import { clockTime, shortNumber, timeTicks, valueTicks } from "./scale.ts";

const scale = `{timeTicks:${timeTicks},clockTime:${clockTime},valueTicks:${valueTicks},shortNumber:${shortNumber},eventsAt:${eventsAt}}`;

export const chartSource = `((scale)=>(runs)=>(${interact})(scale,(${chartDrawing})(scale),runs))(${scale})`;
