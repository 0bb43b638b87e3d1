/** Words that may stand where the cursor is: a verb, a flag, the value of a flag, or an operand. */
import { type Flag, spellingsOf } from "../flags/flag.ts";
import type { Operand, Verb, VerbTable } from "../verb.ts";
import { type Word, type Words, wordsOfOperand, wordsOfValue } from "./words.ts";

/** A flag as it is typed. */
interface Spelling {
  names: string[];
  flag: Flag;
}

const ofEveryVerb: Spelling[] = [
  { names: ["--help", "-h"], flag: { help: "print the help" } },
  { names: ["--version", "-V"], flag: { help: "print the version" } },
  { names: ["--verbose", "-v"], flag: { help: "with an error, also print its causes" } },
  { names: ["--quiet", "-q"], flag: { help: "show no progress" } },
];

/** `typed`: the words after the program's name, the last one as far as it has been typed. */
export async function complete(typed: readonly string[], verbs: VerbTable): Promise<Words> {
  const before = typed.slice(0, -1);
  const current = typed.at(-1) ?? "";
  const words = await wordsAt(before, current, verbs);
  return words?.filter(({ word }) => word.startsWith(current)) ?? null;
}

/** A template or a record may stand by its path where none of the words does. */
function orFiles(words: Word[], current: string): Words {
  return words.some(({ word }) => word.startsWith(current)) ? words : null;
}

async function wordsAt(before: readonly string[], current: string, verbs: VerbTable): Promise<Words> {
  const at = before.findIndex((word) => !word.startsWith("-"));
  const name = before[at];
  if (name === undefined) return current.startsWith("-") ? namesOf(ofEveryVerb) : verbWords(verbs, ["help"]);
  if (name === "help") return verbWords(verbs);
  if (!Object.hasOwn(verbs, name)) return [];
  const { verb } = await verbs[name]!.load();
  return wordsOfVerb(verb, before.slice(at + 1), current);
}

async function wordsOfVerb(verb: Verb, before: readonly string[], current: string): Promise<Words> {
  if ("verbs" in verb) {
    const [name, ...rest] = before;
    if (name === undefined) return verbWords(verb.verbs);
    return Object.hasOwn(verb.verbs, name) ? wordsOfVerb(verb.verbs[name]!, rest, current) : [];
  }
  const spellings = verb.flags.flatMap(({ flags }) =>
    Object.entries(flags).map(([key, flag]) => ({ names: spellingsOf(key, flag), flag })),
  );
  const { operands, awaiting, isOver } = parsed(before, spellings);
  const typed = { operands, from: givenTo("--from", before) };
  if (awaiting !== null) return wordsOfValue(awaiting, current, typed);
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (!isOver && flag !== undefined && value !== undefined) {
    const spelling = spellings.find(({ names }) => names.includes(flag));
    const words = spelling?.flag.takes === undefined ? [] : await wordsOfValue(spelling.flag, value, typed);
    return words?.map(({ word, about }) => ({ word: `${flag}=${word}`, about })) ?? null;
  }
  if (!isOver && current.startsWith("-")) {
    const left = spellings.filter(({ names, flag }) => flag.repeats || !names.some((name) => isGiven(name, before)));
    return namesOf([...left, ...ofEveryVerb]);
  }
  const operand = operandAt(verb.operands ?? [], operands.length);
  return operand === undefined ? [] : orFiles(await wordsOfOperand(operand, operands), current);
}

/** `awaiting`: the flag whose value comes next; null: none does. `isOver`: after `--` there are operands only. */
function parsed(before: readonly string[], spellings: readonly Spelling[]) {
  const operands: string[] = [];
  let awaiting: Flag | null = null;
  let isOver = false;
  for (const word of before) {
    if (awaiting !== null) awaiting = null;
    else if (isOver || !word.startsWith("-")) operands.push(word);
    else if (word === "--") isOver = true;
    else {
      const flag = spellings.find(({ names }) => names.includes(word))?.flag;
      awaiting = flag?.takes === undefined ? null : flag;
    }
  }
  return { operands, awaiting, isOver };
}

/** The operand that stands at this place: the last one may take all that follow. */
function operandAt(operands: readonly Operand[], index: number): Operand | undefined {
  const last = operands.at(-1);
  return operands[index] ?? (last?.name.includes("...") ? last : undefined);
}

/** null: it was not given. */
function givenTo(flag: string, words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (at === -1) return null;
  return words[at] === flag ? (words[at + 1] ?? null) : words[at]!.slice(flag.length + 1);
}

function isGiven(name: string, words: readonly string[]): boolean {
  return words.some((word) => word === name || word.startsWith(`${name}=`));
}

function namesOf(spellings: readonly Spelling[]): Word[] {
  return spellings.flatMap(({ names, flag }) => names.map((word) => ({ word, about: flag.help })));
}

function verbWords(verbs: Record<string, { summary: string }>, more: readonly string[] = []): Word[] {
  const ofTable = Object.entries(verbs).map(([word, { summary }]) => ({ word, about: summary }));
  return [...ofTable, ...more.map((word) => ({ word, about: "print the help of a verb" }))];
}
