/** The numbers of the model as its users choose and see them. */
import {
  assumptionsIn,
  constantsIn,
  type ModelNumber,
  modelNumbers,
  type NumberChoices,
  possibleValue,
} from "../emulator/platforms/numbers.ts";
import { platforms } from "../emulator/platforms/platforms.ts";

export { assumptionsIn, constantsIn, type ModelNumber, modelNumbers, type NumberChoices };

/** Names every number, whatever the platform: `database.connectMs`, … */
export const numberNames: readonly string[] = Object.keys(platforms[2026]);

/** Reads the value of one of `numberNames`. `problem`: what would be possible, such as `give a number from 0 to 3`. */
export function readNumber(name: string, typed: string): { value: number } | { problem: string } {
  return possibleValue(name as ModelNumber["name"], typed);
}
