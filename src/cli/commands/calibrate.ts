/** `throttle-bench calibrate`: fits the unpublished numbers of the model to measured runs, and prints the fit. */
import type { Command } from "commander";
import type { CalibrateFlags } from "../calibrate.ts";

const examples = `
Example:
  throttle-bench calibrate --seeds 20

Each number is fitted to one published figure, under the platform profile of that time; nothing else is changed.`;

export function addCalibrate(program: Command): void {
  program
    .command("calibrate")
    .description("fit the model's unpublished numbers to published runs, and print the fit")
    .option("--seeds <n>", "runs behind each median", "20")
    .option("--out <file>", "also write the fitted numbers there, as JSON")
    .addHelpText("after", examples)
    .action(async (flags: CalibrateFlags) => {
      const { calibrate } = await import("../calibrate.ts");
      await calibrate(flags);
    });
}
