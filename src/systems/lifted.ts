/** A lifted event path: a scenario, and the account of where each of its settings is from. Data only. */
import type { Scenario } from "../model.ts";
import type { Place } from "../template/template.ts";
import type { EventPath } from "./event-path.ts";

export interface LiftChoice {
  /** of the function, as the user calls it or by its logical ID; may be left out where the system has one path */
  functionName?: string | undefined;
  /** of any other station of the path: a queue, a stream, a topic, a bus */
  queueName?: string | undefined;
  /** milliseconds that the function works for an event; left out: 1 s is assumed */
  workMs?: number | undefined;
  /** milliseconds at most, drawn evenly from `workMs` to this; left out: every event takes `workMs` */
  workMsMax?: number | undefined;
  /** where `workMs` is from, such as `--work` or `the Duration of the last 14 days` */
  workFrom?: string | undefined;
  /** a sentence without a full stop: why an account does not tell `workMs`, and what to do */
  withoutWork?: string | undefined;
}

export interface Lifted {
  /** ready to run: its places, and so its faults, are lines of the user's own file */
  scenario: Scenario;
  /** of the scenario, commented: what `init --from` writes */
  text: string;
  path: EventPath;
  /** in the order of the path */
  taken: Taken[];
  defaulted: Defaulted[];
  assumed: Assumed[];
  leftOut: LeftOut[];
  /** settings of the path that were written and could not be read, so that they are at AWS's defaults */
  unread: UnreadSetting[];
}

/** A value that somebody wrote. */
export interface Taken {
  /** of the scenario; null: no setting has it, and it stands in the scenario's resources */
  setting: string | null;
  /** as the scenario has it */
  value: string;
  /** as the user calls it */
  resource: string;
  /** such as `ScalingConfig.MaximumConcurrency` */
  property: string;
  place: Place;
}

/** A value that nobody wrote. */
export interface Defaulted {
  setting: string;
  value: string;
  resource: string;
  property: string;
  /** `AWS`, or the format, such as `the Serverless Framework` */
  by: string;
  /** the page that says so */
  source: string;
  /** true: the resource is outside of the file, so that its settings were not there to read */
  isOutside: boolean;
}

/** A value that no file has. */
export interface Assumed {
  setting: string;
  value: string;
  /** a sentence without a full stop: why it is assumed, and how to get the real one */
  why: string;
}

export interface UnreadSetting {
  setting: string;
  resource: string;
  property: string;
  place: Place;
  /** a sentence without a full stop: what could not be read, and what to do */
  message: string;
}

/** A resource, or a property of a resource of the path, that the scenario does not have. */
export interface LeftOut {
  resource: string;
  /** such as `AWS::SNS::Subscription` */
  type: string;
  /** null: the whole resource */
  property: string | null;
  place: Place;
  /** `no effect`: it changes no event; `not modelled`: it may, and the scenario does not say so */
  kind: "no effect" | "every event passes" | "elsewhere" | "not modelled";
  /** one plain reason, the same for all of its group */
  why: string;
}
