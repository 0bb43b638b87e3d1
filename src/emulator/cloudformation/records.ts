/** The records that CloudFormation answers with, and the requests that it takes. */
import type { Template } from "../../template/template.ts";

/** A parameter, or a tag. */
export interface KeyValue {
  key: string;
  value: string;
}

export interface StackResourceRecord {
  logicalId: string;
  physicalId: string;
  resourceType: string;
  status: string;
  statusReason: string | null;
  timestamp: number;
}

/** A resource, or the stack itself, as it was at one moment. */
export interface StackEventRecord extends StackResourceRecord {
  eventId: string;
  stackId: string;
  stackName: string;
}

export interface StackSummary {
  stackId: string;
  stackName: string;
  status: string;
  statusReason: string | null;
  createdAt: number;
  updatedAt: number | null;
  deletedAt: number | null;
  /** Values of NoEcho parameters are masked. */
  parameters: KeyValue[];
  outputs: { key: string; value: string; description: string | null }[];
  tags: KeyValue[];
  description: string | null;
  capabilities: string[];
  enableTerminationProtection: boolean;
}

export interface StackRequest {
  stackName: string;
  templateBody: string;
  parameters: KeyValue[];
  /** Names of parameters that keep the value that the stack has; a new stack has none. */
  previousParameters?: string[];
  tags?: KeyValue[];
  capabilities?: string[];
  disableRollback?: boolean;
  onFailure?: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  /** The same token again: the same request. */
  clientRequestToken?: string;
  /** Kept as it is, and not enforced. */
  stackPolicyBody?: string;
  enableTerminationProtection?: boolean;
}

export interface ChangeSetRequest extends StackRequest {
  /** The change set's. */
  name: string;
  type: "CREATE" | "UPDATE";
  description?: string;
}

/** A request for an update. Tags, policy and capabilities that are not given stay. */
export type StackUpdate = Pick<
  StackRequest,
  "parameters" | "previousParameters" | "templateBody" | "tags" | "capabilities" | "stackPolicyBody"
> & { template: Template };

/** A resource that an update adds, changes in place or removes. */
export interface Change {
  action: "Add" | "Modify" | "Remove";
  logicalId: string;
  type: string;
  /** The properties that differ; of a resource that is modified. */
  properties: ChangedProperty[];
}

interface ChangedProperty {
  name: string;
  /** The template is as it was there, and a parameter has another value. */
  byParameter: boolean;
}

/** An update that has been worked out and not begun. */
export interface PlannedUpdate {
  before: Version;
  after: Version;
  changes: Change[];
  /** It would change no resource, no output and no tag. */
  isEmpty: boolean;
}

/** A stack's template, parameter values and request, before or after an update. */
export interface Version {
  template: Template;
  values: Map<string, string>;
  request: StackRequest;
}
