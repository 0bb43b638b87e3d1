/** The files beside a service's own that its variables take values from. */
import { realpathSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { readUserText, UnreadableFile } from "../../../files/user-file.ts";
import { readDocument } from "../document.ts";
import { type Written, writtenAs } from "./written.ts";

/** No file of settings is so large. */
const maximumBytes = 1_000_000;

/** Why a file is not read: a sentence without its subject and without a full stop. */
export type NotRead = { because: string };

/** Reads each file once. Files that are programs are not run, and those outside of the service's folder are not read. */
export class BesideFiles {
  readonly #known = new Map<string, Written | NotRead>();
  /** of every file that was read */
  readonly texts: string[] = [];

  /** `serviceFile`: as the user named it, and as places name what stands beside it */
  constructor(private readonly serviceFile: string) {}

  /** `path`: relative to the service's folder. @throws TemplateError where the file is no YAML or JSON */
  read(path: string): Written | NotRead {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const read = this.#read(path);
    this.#known.set(path, read);
    return read;
  }

  #read(path: string): Written | NotRead {
    if (!/^\.(ya?ml|json)$/i.test(extname(path))) {
      return {
        because: /^\.[cm]?[jt]s$/i.test(extname(path)) ? "is a program, which is not run" : "is neither YAML nor JSON",
      };
    }
    const folder = dirname(resolve(this.serviceFile));
    const absolute = resolve(folder, path);
    try {
      if (isOutside(folder, absolute) || isOutside(realpathSync(folder), realpathSync(absolute))) {
        return { because: "stands outside of the folder of the service" };
      }
      const file = join(dirname(this.serviceFile), relative(folder, absolute));
      const text = readUserText(absolute, maximumBytes);
      this.texts.push(text);
      const { root, places } = readDocument({ file, text });
      return writtenAs(root, places);
    } catch (error) {
      if (error instanceof UnreadableFile) return { because: `cannot be read, as ${error.message}` };
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return { because: "cannot be read" };
    }
  }
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way.startsWith("..") || isAbsolute(way);
}
