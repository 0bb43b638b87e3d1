/** Somebody's event-driven system as it is declared, in CloudFormation's words whatever it was written in. */
import type { Place, Template, TemplatePath } from "../template/template.ts";

/** The kinds of file that a system is read from, and the account itself. */
export type FormatName = "CloudFormation" | "CDK" | "SAM" | "Serverless Framework" | "Terraform" | "account";

/** A file with the values that it is read with. */
export interface SystemSource {
  /** named in places and errors */
  file: string;
  text: string;
  /** values of parameters (of variables in Serverless: `--parameters stage=prod`) that go before their defaults */
  parameters: Readonly<Record<string, string>>;
  /** the templates of the other stacks of the same app, whose exports this one may import; absent: none are known */
  beside?: readonly Pick<SystemSource, "file" | "text">[];
}

/**
 * Every format is translated to this, so that event paths are found, and settings taken, in one way. Values that are known before anything is made stand
 * as data. A reference to another resource stands as `{ Ref }` or `{ "Fn::GetAtt" }` with its logical ID in `template`, and one to something outside of the
 * file as whatever is known of it: an ARN, or the function as it is written.
 */
export interface System {
  format: FormatName;
  file: string;
  /**
   * Resources with CloudFormation types and properties, such as `AWS::Lambda::EventSourceMapping` for an event of a SAM function. Those whose condition does not
   * hold are left out. Its places are lines of the user's file, and have a line for every property that was written there.
   */
  template: Template;
  /** how the user calls a resource, by its logical ID: a CDK construct's path, a Terraform address; absent: by its logical ID */
  names: ReadonlyMap<string, string>;
  /** properties that nobody wrote, and that the format fills in where CloudFormation would leave them to the service */
  filledIn: readonly FilledIn[];
  /** what was seen and could not be read, such as a value that is known only after it is applied */
  unread: readonly Unread[];
}

/** Such as the timeout of 6 s that the Serverless Framework gives every function. */
export interface FilledIn {
  /** to the property in `template` */
  path: TemplatePath;
  /** such as `the Serverless Framework` */
  by: string;
  /** the page that says so */
  source: string;
}

export interface Unread {
  place: Place;
  /** to the property in `template` that is missing for it; null: none that matters is known */
  path: TemplatePath | null;
  /** a sentence without a full stop: what could not be read, and what to do */
  message: string;
}

/** One way of writing a system down. */
export interface Format {
  name: FormatName;
  /** `root`: the file as data, functions in their long form; such as `"Transform" in root` */
  recognizes(root: unknown): boolean;
  /** @throws TemplateError with the line, and what to do */
  read(source: SystemSource): System;
}
