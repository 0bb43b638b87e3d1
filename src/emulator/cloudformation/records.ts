/** What CloudFormation tells of stacks, their resources and events, and what it is asked for. */
import type { Template } from "../../template/template.ts";

export interface StackParameter {
  key: string;
  value: string;
}

export interface StackTag {
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
  parameters: StackParameter[];
  outputs: { key: string; value: string; description: string | null }[];
  tags: StackTag[];
  description: string | null;
  capabilities: string[];
  enableTerminationProtection: boolean;
}

export interface StackRequest {
  stackName: string;
  templateBody: string;
  parameters: StackParameter[];
  tags?: StackTag[];
  capabilities?: string[];
  disableRollback?: boolean;
  onFailure?: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  /** The same token again: the same request. */
  clientRequestToken?: string;
  /** Kept as it is, and not enforced: no update that is modelled replaces or deletes a resource. */
  stackPolicyBody?: string;
  enableTerminationProtection?: boolean;
}

/** What a stack becomes; tags, policy and capabilities that are not given stay. */
export type StackUpdate = Pick<
  StackRequest,
  "parameters" | "templateBody" | "tags" | "capabilities" | "stackPolicyBody"
> & { template: Template };

/** What a stack is made of, before and after an update. */
export interface Version {
  template: Template;
  values: Map<string, string>;
  request: StackRequest;
}
