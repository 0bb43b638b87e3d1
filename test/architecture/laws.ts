/** The laws of the architecture, each a function from sources to its breaches, so that planted ones can be tried on it. */
import type { Permission, Room } from "./rooms.ts";
import { type Import, importsIn, isOurs, type Source } from "./sources.ts";

/** Imports from a room into one where it may not look, as `from → to`; a file in no room may look nowhere. */
export function importsOutOfTheirRoom(sources: readonly Source[], rooms: readonly Room[]): string[] {
  return ourImports(sources).flatMap((each) => (isAllowed(each, rooms) ? [] : [`${each.from} → ${each.to}`]));
}

function isAllowed({ from, to, typeOnly }: Import, rooms: readonly Room[]): boolean {
  const room = rooms.find(({ files }) => files.test(from));
  if (!room) return false;
  const [ownFolder] = room.files.exec(from)!;
  return room.mayImport.some((permission: Permission) => {
    if (permission === "own folder") return to.startsWith(ownFolder);
    return permission instanceof RegExp ? permission.test(to) : typeOnly && permission.type.test(to);
  });
}

/** The files of each circle of imports, types included. Circles that share a file are one. */
export function cyclesIn(sources: readonly Source[]): string[][] {
  const edges = new Map<string, string[]>();
  for (const { from, to } of ourImports(sources)) edges.set(from, [...(edges.get(from) ?? []), to]);
  // Tarjan's strongly connected components.
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1 || edges.get(file)?.includes(file)) cycles.push(component.sort());
  };
  for (const { file } of sources) if (!order.has(file)) visit(file);
  return cycles;
}

/** Files outside of the given rooms that can see the real clock or an unseeded random generator. */
export function readersOfTheRealWorld(sources: readonly Source[], mayReadIt: RegExp): string[] {
  const real =
    /\b(new Date\(\)|(Date\.now|performance\.now|process\.hrtime|setTimeout|setInterval|Math\.random|randomUUID|randomBytes)\b)/;
  return sources
    .filter(({ file, text }) => !mayReadIt.test(file) && real.test(withoutComments(text)))
    .map(({ file }) => file);
}

/** Packages that the files import and are not allowed to, as `from → package`. */
export function packagesImported(sources: readonly Source[], files: RegExp, allowed: RegExp): string[] {
  return sources
    .filter(({ file }) => files.test(file))
    .flatMap(importsIn)
    .filter((each) => !isOurs(each) && !allowed.test(each.to))
    .map(({ from, to }) => `${from} → ${to}`);
}

/** Files outside of a folder that import from it. */
export function visitorsOf(folder: string, sources: readonly Source[]): string[] {
  const visits = ourImports(sources).filter(({ from, to }) => to.startsWith(folder) && !from.startsWith(folder));
  return [...new Set(visits.map(({ from }) => from))].sort();
}

/** Files of a kind that their registry does not import, so that nobody would find them. */
export function unregistered(sources: readonly Source[], kind: RegExp, registry: string): string[] {
  const registered = new Set(ourImports(sources.filter(({ file }) => file === registry)).map(({ to }) => to));
  return sources.map(({ file }) => file).filter((file) => kind.test(file) && !registered.has(file));
}

/** Files that no sentence heads. */
export function headlessFiles(sources: readonly Source[]): string[] {
  return sources.filter(({ text }) => !/^(#!.*\n)?\/\*\*[\s*]*[^\s*/]/.test(text)).map(({ file }) => file);
}

/** Comments whose first word keeps their subject waiting, each with its file. */
export function riddles(sources: readonly Source[]): string[] {
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(/^\s*(?:\/\*\*|\/\/|\*) (?:Of|What|Whose|Those|Whether)\b.*$/gm)].map(
      ([comment]) => `${file}: ${comment.trim()}`,
    ),
  );
}

function ourImports(sources: readonly Source[]): Import[] {
  return sources.flatMap(importsIn).filter(isOurs);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
