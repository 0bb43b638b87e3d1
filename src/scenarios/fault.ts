/** The faults of a scenario, told all at once, each with its place. */
import { BenchError } from "../errors.ts";
import type { Scenario } from "../model.ts";
import { onOneLine } from "../printable.ts";
import type { Faults } from "../template/faults.ts";
import {
  asSentence,
  type Place,
  placeOf,
  TemplateError,
  type TemplateFault,
  type TemplatePath,
} from "../template/template.ts";

export interface Fault {
  /** to the node of the template that is wrong */
  path: TemplatePath;
  /** says what is wrong and what to do, without a full stop */
  message: string;
}

/** So many are printed; whoever has more begins with these. */
const mostPrinted = 30;

type Named = Pick<Scenario, "name" | "file">;

/** A scenario whose file has faults, as far as it can be read: so the faults that come after those of reading are found, too. */
export class UnreadableScenario extends BenchError {
  override readonly faults: readonly TemplateFault[];

  constructor(
    readonly scenario: Scenario,
    private readonly reading: Faults,
  ) {
    super("bad-template", textOf(scenario, reading.all, false), {
      cause: new TemplateError(reading.all),
      isList: true,
    });
    this.faults = sorted(scenario, reading.all);
  }

  /** False: what is missing is missed everywhere, so that more faults would be none. */
  get canBeChecked(): boolean {
    return !this.reading.isBroken(["Resources"]);
  }

  /** The error with the faults of other checks among its own. */
  with(others: readonly Fault[]): BenchError {
    const fresh = others.filter(({ path }) => !this.reading.isBroken(path));
    return faultsError(this.scenario, [...this.reading.all, ...located(this.scenario, fresh)]);
  }
}

/** Throws `bad-template` with every fault, those in the scenario's own file first, by line. */
export function refuseFaults(scenario: Scenario, faults: readonly Fault[], isShipped = false): void {
  if (faults.length > 0) throw faultsError(scenario, located(scenario, faults), undefined, isShipped);
}

/** The error that tells the faults; several as a list. */
export function faultsError(
  scenario: Named,
  faults: readonly TemplateFault[],
  cause?: unknown,
  isShipped = false,
): FaultyTemplate {
  return new FaultyTemplate(scenario, faults, isShipped, cause);
}

/** An error that says where each of its faults is, for those who read it as data. */
class FaultyTemplate extends BenchError {
  override readonly faults: readonly TemplateFault[];

  constructor(scenario: Named, faults: readonly TemplateFault[], isShipped: boolean, cause: unknown) {
    super("bad-template", textOf(scenario, faults, isShipped), { cause, isList: true });
    this.faults = sorted(scenario, faults);
  }
}

function located({ template, file }: Scenario, faults: readonly Fault[]): TemplateFault[] {
  return faults.map(({ path, message }) => {
    const place = placeOf(template, path);
    return { message, place: { ...place, file: place.file ?? file } };
  });
}

/** Each fault once. */
function sorted({ file: own }: Named, faults: readonly TemplateFault[]): TemplateFault[] {
  const rank = ({ file }: Place) => (file === null || file === own ? 0 : 1);
  const key = ({ message, place: { file, line } }: TemplateFault) => `${file ?? own} ${line} ${message}`;
  const named = faults.map(({ message, place }) => ({ message, place: { ...place, file: place.file ?? own } }));
  return [...new Map(named.map((fault) => [key(fault), fault])).values()].sort(
    ({ place: a }, { place: b }) => rank(a) - rank(b) || a.line - b.line,
  );
}

function textOf(scenario: Named, faults: readonly TemplateFault[], isShipped: boolean): string {
  const all = sorted(scenario, faults);
  const sentences = all.map(({ message, place }) =>
    asSentence(onOneLine(`${whereIn(scenario, place, isShipped)}: ${message}`)),
  );
  const [only, ...others] = sentences;
  if (others.length === 0) return only!;
  const left = sentences.length - mostPrinted;
  const more = left > 0 ? `\n  and ${left} more, which are printed once these are mended.` : "";
  const list = sentences.slice(0, mostPrinted).map((sentence) => `\n  ${sentence}`);
  return `${onOneLine(scenario.name)} has ${sentences.length} faults:${list.join("")}${more}`;
}

/** `mine.yaml, line 12`; a part is a file of the installation, and the fault may be in how the user's file names its parts. */
function whereIn({ name, file }: Named, place: Place, isShipped: boolean): string {
  // In a shipped scenario, the settings alone can be at fault.
  if (isShipped) return name;
  const at = `${place.file ?? file}, line ${place.line}`;
  return place.file === null || place.file === file ? at : `${file} with its parts: ${at}`;
}
