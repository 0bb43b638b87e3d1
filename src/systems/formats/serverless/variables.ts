/** The values of the framework's variables. https://www.serverless.com/framework/docs/guides/variables */
import { TemplateError } from "../../../template/template.ts";
import { BesideFiles } from "./files.ts";
import { constructReference } from "./queue-constructs.ts";
import { type Parts, partsOf, type Variable, type VariableSource } from "./variable-syntax.ts";
import { listIn, made, mapIn, textIn, under, type Written } from "./written.ts";

/** No service is written so deeply, and variables in variables have to end somewhere. */
const maximumDepth = 64;
/** No service has so many values or so long a text, and variables can double what they name. */
const maximumNodes = 200_000;
const maximumLength = 100_000;

type Lookup = Extract<VariableSource, { kind: "lookup" }>;

/** `missing`: there is none, and the next source is asked. `unknown`: there may be one; the rest of a sentence about it */
type Found = Written | { missing: string } | { unknown: string };

/** Where no file says it. https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml */
const defaultStage = "dev";
const defaultRegion = "us-east-1";

export class Variables {
  readonly files: BesideFiles;
  readonly #known = new Map<Written, Written>();
  /** texts whose value is being found, in the order of the asking */
  readonly #asked = new Set<Written>();
  #nodes = 0;

  /** `parameters`: values by the name of an option, a parameter or an environment variable, or by a whole variable such as `ssm:/name` */
  constructor(
    private readonly root: Written,
    private readonly parameters: Readonly<Record<string, string>>,
    file: string,
  ) {
    this.files = new BesideFiles(file);
  }

  get stage(): string {
    return this.#ofProvider("stage") ?? defaultStage;
  }

  get region(): string {
    return this.#ofProvider("region") ?? defaultRegion;
  }

  #ofProvider(name: "stage" | "region"): string | null {
    const given = this.parameters[name];
    if (given !== undefined) return given;
    const written = this.at("provider", name);
    // A stage that is declared by `sls:stage` is the default one.
    return written === undefined || this.#asked.has(written) ? null : textIn(this.shallow(written));
  }

  /** The value at keys from the root, whose variables are followed on the way; it may be a variable itself. */
  at(...keys: string[]): Written | undefined {
    let found: Written | undefined = this.root;
    for (const key of keys) {
      if (found === undefined) return undefined;
      const inside: Written = this.shallow(found);
      found = mapIn(inside)?.get(key) ?? listIn(inside)?.[/^\d+$/.test(key) ? Number(key) : -1];
      if (found === undefined && inside.unread !== undefined) return inside;
    }
    return found;
  }

  /** The value with every variable in it followed. @throws TemplateError where variables go in a circle */
  deep(written: Written, within: readonly Written[] = []): Written {
    this.#nodes += 1;
    if (this.#nodes > maximumNodes)
      this.#refuse(written, `the service has more than ${maximumNodes} values, its variables followed`);
    if (within.length > maximumDepth)
      this.#refuse(written, `the service is nested deeper than ${maximumDepth} levels, its variables followed`);
    const value = this.shallow(written);
    if (within.includes(value)) this.#refuse(written, "variables go in a circle here; give one of them a value");
    const inside = [...within, value];
    const map = mapIn(value);
    if (map !== null) {
      return { ...value, value: new Map([...map].map(([key, each]) => [key, this.deep(each, inside)] as const)) };
    }
    const list = listIn(value);
    return list === null ? value : { ...value, value: list.map((each) => this.deep(each, inside)) };
  }

  /** The value itself, variables inside of a map or a list left as they are. */
  shallow(written: Written): Written {
    if (typeof written.value !== "string" || written.unread !== undefined) return written;
    const known = this.#known.get(written);
    if (known !== undefined) return known;
    if (this.#asked.has(written)) this.#refuse(written, "variables go in a circle here; give one of them a value");
    const parts = partsOf(written.value);
    if (parts.every((part) => typeof part === "string")) return written;
    this.#asked.add(written);
    const value = this.#joined(parts, written);
    this.#asked.delete(written);
    this.#known.set(written, value);
    return value;
  }

  /** A variable alone has any value; one within a text is text. */
  #joined(parts: Parts, at: Written): Written {
    const [only, ...others] = parts;
    if (typeof only === "object" && others.length === 0) {
      return { ...this.#valueOf(only, at), place: at.place };
    }
    let text = "";
    let unread: string | undefined;
    for (const part of parts) {
      const value: Written = typeof part === "string" ? { place: at.place, value: part } : this.#valueOf(part, at);
      unread ??= value.unread;
      if (value.value !== null && typeof value.value === "object") {
        unread ??= `${(part as Variable).written} is no text, and stands within one; give a text`;
        text += (part as Variable).written;
      } else text += value.value ?? "";
    }
    if (text.length > maximumLength)
      this.#refuse(at, `a text of more than ${maximumLength} characters, its variables followed`);
    return { place: at.place, value: text, ...(unread !== undefined && { unread }) };
  }

  #valueOf({ written, sources }: Variable, at: Written): Written {
    let unknown: string | null = null;
    let missing: string | null = null;
    for (const source of sources) {
      const found = this.#found(source, at);
      if ("missing" in found) missing ??= found.missing;
      else if ("unknown" in found) unknown ??= found.unknown;
      else if (found.value !== null || source === sources.at(-1)) {
        const value = this.shallow(found);
        if (value.unread === undefined) return unknown === null ? value : { ...value, doubt: unknown };
        if (source === sources.at(-1)) return value;
        unknown ??= value.unread;
      }
    }
    return { place: at.place, value: written, unread: unknown ?? missing ?? `${written} has no value; give it one` };
  }

  #found(source: VariableSource, at: Written): Found {
    if (source.kind === "literal") return { place: at.place, value: source.value };
    if (source.kind === "text") return this.#joined(source.parts, at);
    const given = this.parameters[source.written];
    if (given !== undefined) return { place: at.place, value: given };
    const address = source.address === null ? "" : this.#text(source.address, at);
    const parameter = source.parameters[0] === undefined ? "" : this.#text(source.parameters[0], at);
    if (address === null || parameter === null) return { unknown: cure(source, source.written) };
    return this.#lookedUp(source, address, parameter, at);
  }

  #lookedUp(source: Lookup, address: string, parameter: string, at: Written): Found {
    const text = (value: string | undefined): Found =>
      value === undefined ? { missing: cure(source, address) } : { place: at.place, value };
    switch (source.type) {
      case "self":
        return this.#self(source, address);
      case "opt":
        return text(this.parameters[address]);
      case "env":
        return text(this.parameters[address]);
      case "param":
        return this.#parameter(address) ?? text(undefined);
      case "sls":
        return address === "stage" ? text(this.stage) : { unknown: cure(source, source.written) };
      case "aws":
        if (address === "region") return text(this.region);
        return address === "accountId" ? text("${AWS::AccountId}") : { unknown: cure(source, source.written) };
      case "file":
        return this.#file(source, parameter, address);
      case "construct": {
        const reference = constructReference(address);
        return reference === undefined ? { unknown: cure(source, source.written) } : made(at.place, reference);
      }
      case "strToBool":
        if (/^(true|1)$/i.test(parameter.trim())) return { place: at.place, value: true };
        return /^(false|0)$/i.test(parameter.trim()) ? { place: at.place, value: false } : text(undefined);
      default:
        return { unknown: cure(source, source.written) };
    }
  }

  #self(source: Lookup, address: string): Found {
    const found = address === "" ? this.root : this.at(...address.split("."));
    if (found !== undefined && found.value !== null) return found;
    const place = this.root.place;
    if (address === "provider.stage") return { place, value: this.stage };
    if (address === "provider.region") return { place, value: this.region };
    return { missing: cure(source, source.written) };
  }

  #parameter(name: string): Found | null {
    const given = this.parameters[name];
    if (given !== undefined) return { place: this.root.place, value: given };
    const { stage } = this;
    const ways = [
      ["stages", stage, "params"],
      ["params", stage],
      ["stages", "default", "params"],
      ["params", "default"],
    ];
    for (const way of ways) {
      const found = this.at(...way, name);
      if (found !== undefined && found.value !== null) return found;
    }
    return null;
  }

  #file(source: Lookup, path: string, address: string): Found {
    const read = this.files.read(path);
    if ("because" in read)
      return { unknown: `${path} ${read.because}; give the value with --parameters "${source.written}=…"` };
    let found: Written | undefined = read;
    for (const key of address === "" ? [] : address.split(".")) {
      const inside: Written | undefined = found === undefined ? undefined : this.shallow(found);
      found = under(inside, key) ?? listIn(inside)?.[/^\d+$/.test(key) ? Number(key) : -1];
    }
    return found ?? { missing: cure(source, source.written) };
  }

  /** null: it is not known, or no text. */
  #text(parts: Parts, at: Written): string | null {
    return textIn(this.#joined(parts, at));
  }

  #refuse(written: Written, message: string): never {
    throw new TemplateError(message, written.place);
  }
}

/** The end of a sentence about a variable without a value: why, and what to do. */
function cure({ type, written }: Lookup, name: string): string {
  switch (type) {
    case "opt":
      return `\${${written}} is given on the command line; give it with --parameters ${name}=…`;
    case "env":
      return `\${${written}} stands in the environment, which is not read; give it with --parameters ${name}=…`;
    case "param":
      return `\${${written}} has no value for this stage; give it with --parameters ${name}=…`;
    case "self":
    case "file":
    case "strToBool":
      return `\${${written}} finds no value; give it with --parameters "${written}=…"`;
    default:
      return `\${${written}} is known only when it is deployed; give it with --parameters "${written}=…"`;
  }
}
