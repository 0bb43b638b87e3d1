/** Stands for `node:module` in a browser: the one module that is loaded late there is part of the bundle here. */
import * as re2js from "re2js";

export function createRequire() {
  return (): typeof re2js => re2js;
}
