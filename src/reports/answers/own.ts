/** The user's own system in an answer: whether it holds as it stands, and if not, what to change in its file. */

import type { Answer, Candidate, CandidateStanding } from "../../simulation/search/answer.ts";
import { pathInWords } from "../../systems/event-path.ts";
import type { Lifted } from "../../systems/lifted.ts";
import { type Place, placeOf } from "../../template/template.ts";
import type { Placed, Section } from "../document.ts";
import { calledBy, marks, nameOf } from "./words.ts";

/** A system that the question is about. */
export interface OwnSystem {
  file: string;
  lifted: Lifted;
  /** nobody gave the time of the work, so that it is a guess */
  isWorkAssumed: boolean;
}

/** One property to write in the user's file. */
export interface Change {
  setting: string;
  from: string;
  to: string;
  /** null: no property of AWS's; the function's own code does it */
  property: string | null;
  resource: string | null;
  place: Place;
  /** false: the property has to be added */
  isWritten: boolean;
}

/** How the user's own system stands in an answer. */
export interface OwnStanding {
  /** as it is; null: time was over before it was tried */
  asItIs: Candidate | null;
  /** the best with other settings, where it holds, or only just, and the system as it is does not; null: none holds */
  changed: { candidate: Candidate; changes: Change[] } | null;
  /** the best other way that holds, or only just, and that events enter by the same service */
  sameEntry: Candidate | null;
  /** the best other way that holds, or only just; null: none does */
  other: Candidate | null;
}

export function ownStanding({ candidates }: Answer, { lifted }: OwnSystem): OwnStanding {
  const { name, topology } = lifted.scenario;
  const isOwn = ({ way }: Candidate) => way.name === name;
  const asSurely = (standing: CandidateStanding) => candidates.filter((each) => each.standing === standing);
  // One that was run too rarely to be sure of is better than none, and stands behind those that are sure.
  const holding = [...asSurely("keeps"), ...asSurely("doubtful")];
  const asItIs = candidates.find((each) => isOwn(each) && each.changed.length === 0) ?? null;
  const surer =
    asItIs === null || asItIs.standing === "breaks" ? holding : asItIs.standing === "keeps" ? [] : asSurely("keeps");
  const [changed] = surer.filter((each) => isOwn(each) && each !== asItIs).toSorted(surestOfFewestChanges);
  const others = holding.filter((each) => !isOwn(each));
  return {
    asItIs,
    changed: changed === undefined ? null : { candidate: changed, changes: changesOf(changed, lifted) },
    sameEntry: others.find(({ way }) => way.topology[0] === topology[0]) ?? null,
    other: others[0] ?? null,
  };
}

function surestOfFewestChanges(one: Candidate, other: Candidate): number {
  const doubt = ({ standing }: Candidate) => Number(standing !== "keeps");
  return doubt(one) - doubt(other) || one.changed.length - other.changed.length;
}

export function ownSection(answer: Answer, own: OwnSystem): Section {
  const { file, lifted, isWorkAssumed } = own;
  const standing = ownStanding(answer, own);
  const { asItIs } = standing;
  const isHeld = asItIs !== null && asItIs.standing !== "breaks";
  const doubts = [
    ...(isWorkAssumed
      ? lifted.assumed.map(({ setting, value, why }) => `${setting}=${value} is assumed: ${why}.`)
      : []),
    ...lifted.unread.map(({ setting, message }) => `${setting}: ${message}.`),
  ];
  const blocks: Placed[] = [
    { kind: "conclusion", text: verdictText(standing), isBad: asItIs !== null && !isHeld },
    ...(isHeld ? [] : changeBlocks(standing, own)),
    ...(doubts.length === 0
      ? []
      : [{ kind: "warnings" as const, name: "To know before relying on it", sentences: doubts }]),
  ];
  return { heading: ["Your own", `${pathInWords(lifted.path)} of ${file}`], blocks };
}

function verdictText({ asItIs }: OwnStanding): string {
  if (asItIs === null) return `${marks.doubtful} Time was over before it was tried as it stands.`;
  const said = {
    keeps: "It holds as it stands",
    doubtful: "It holds as it stands, or only just",
    breaks: "It does not hold as it stands",
  };
  return `${marks[asItIs.standing]} ${said[asItIs.standing]}: ${asItIs.sentence}`;
}

function changeBlocks({ changed, sameEntry, other }: OwnStanding, own: OwnSystem): Placed[] {
  const pairs: [string, string][] = [];
  if (changed !== null) {
    const { changes } = changed;
    pairs.push(
      ...changes.map((change): [string, string] => [
        `${change.setting} ${change.from} → ${change.to}`,
        changeText(change, own),
      ]),
    );
  }
  const heads: Placed[] =
    changed === null
      ? [{ kind: "notes", lines: ["No other settings of it were found to hold."] }]
      : [
          {
            kind: "notes",
            lines: [
              `The same way ${holdsText(changed.candidate)} with ${changed.changes.length === 1 ? "one change" : `${changed.changes.length} changes`}: ${changed.candidate.sentence}`,
            ],
          },
          { kind: "pairs", pairs },
        ];
  const ways = [sameEntry, ...(other === sameEntry ? [] : [other])].filter((each) => each !== null);
  const lines = ways.map((each) => wayText(each, own));
  return [...heads, ...(lines.length === 0 ? [] : [{ kind: "notes" as const, lines }])];
}

function holdsText({ standing }: Candidate): string {
  return standing === "keeps" ? "holds" : "holds, or only just,";
}

/** `theirs.yaml, line 39: ScalingConfig.MaximumConcurrency of Mapping` */
function changeText({ property, resource, place, isWritten }: Change, { file }: OwnSystem): string {
  const at = `${place.file ?? file}, line ${place.line}`;
  if (property === null) return "the code of the function does this, not its template";
  return isWritten ? `${at}: ${property} of ${resource}` : `${at}: add ${property} to ${resource}`;
}

/** Another way is more than settings: whatever sends the events may have to send them elsewhere. */
function wayText(candidate: Candidate, { lifted }: OwnSystem): string {
  const { topology } = lifted.scenario;
  const { way, changed, sentence } = candidate;
  const settings =
    changed.length === 0 ? "" : ` with ${changed.map(({ name, value }) => `${name}=${value}`).join(", ")}`;
  const [from, to] = [topology[0], way.topology[0]];
  const entry =
    from === to
      ? `What sends to ${from} stays as it is; behind it ${topology.slice(1).join(" → ")} becomes ${way.topology.slice(1).join(" → ")}.`
      : `What sends to ${from} has to send to ${to} instead.`;
  return `Another way ${holdsText(candidate).replace(/,$/, "")}, ${calledBy(way)}${settings}: ${sentence} ${entry} \`throttle-bench show ${nameOf(way)} --template\` has its resources.`;
}

/** By line and property in the user's file. */
function changesOf({ changed }: Candidate, { taken, defaulted, scenario, path }: Lifted): Change[] {
  return changed.map(({ name, value, own }) => {
    const written = taken.find(({ setting }) => setting === name);
    const left = defaulted.find(({ setting }) => setting === name);
    const known = written ?? left;
    const at = written?.place ?? placeOf(scenario.template, ["Parameters", name]);
    return {
      setting: name,
      from: own,
      to: value,
      property: known?.property ?? null,
      resource: known?.resource ?? null,
      place: known === undefined ? path.stations.at(-1)!.place : at,
      isWritten: written !== undefined,
    };
  });
}
