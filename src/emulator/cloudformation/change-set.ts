/** A change set: what the creation or an update of a stack would do, to be looked at before it is done. */
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import type { Change, KeyValue } from "./records.ts";
import type { Stack } from "./stack.ts";

/** The work of a change set, which is planned when it is made. */
export interface ChangeSetPlan {
  name: string;
  description: string | null;
  templateBody: string;
  /** Values of NoEcho parameters are masked. */
  parameters: KeyValue[];
  tags: KeyValue[];
  capabilities: string[];
  changes: Change[];
  /** Nothing would be changed. */
  isEmpty: boolean;
  /** @throws ServiceError when the stack can no longer be changed in this way. */
  execute(options: { disableRollback: boolean | undefined }): void;
}

/** It is there at once, where AWS takes some seconds for it. */
export class ChangeSet {
  readonly id: string;
  readonly createdAt: number;
  #isExecuted = false;
  #isObsolete = false;

  constructor(
    account: Account,
    readonly plan: ChangeSetPlan,
    /** The stack as it is when somebody asks. */
    private readonly stack: () => Stack,
  ) {
    const { kernel, region, accountId } = account;
    const suffix = kernel.random("cloudformation.changeSets").uuid();
    this.id = `arn:aws:cloudformation:${region}:${accountId}:changeSet/${plan.name}/${suffix}`;
    this.createdAt = kernel.now;
  }

  get stackId(): string {
    return this.stack().id;
  }

  get stackName(): string {
    return this.stack().name;
  }

  get status(): "CREATE_COMPLETE" | "FAILED" {
    return this.plan.isEmpty ? "FAILED" : "CREATE_COMPLETE";
  }

  get statusReason(): string | null {
    if (!this.plan.isEmpty) return null;
    return "The submitted information didn't contain changes. Submit different information to create a change set.";
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ChangeSetSummary.html */
  get executionStatus(): string {
    if (this.plan.isEmpty) return "UNAVAILABLE";
    if (this.#isObsolete) return "OBSOLETE";
    if (!this.#isExecuted) return "AVAILABLE";
    const { status } = this.stack();
    if (/^(CREATE|UPDATE)_COMPLETE/.test(status)) return "EXECUTE_COMPLETE";
    return /^(CREATE|UPDATE)_IN_PROGRESS$/.test(status) ? "EXECUTE_IN_PROGRESS" : "EXECUTE_FAILED";
  }

  /** The physical id of a resource that the stack has. */
  physicalIdOf(logicalId: string): string | null {
    return this.stack().resources.find((each) => each.logicalId === logicalId)?.physicalId || null;
  }

  /** The stack has changed, so that what was worked out no longer holds. */
  becomeObsolete(): void {
    this.#isObsolete = true;
  }

  /** @throws ServiceError `InvalidChangeSetStatus`, in the words of saksdirect/nova issue 10 and aws/amazon-chime-sdk-js issue 1089. */
  execute(disableRollback: boolean | undefined): void {
    if (this.status === "FAILED") throw this.#notExecutable(`status of [${this.status}]`);
    if (this.executionStatus !== "AVAILABLE")
      throw this.#notExecutable(`execution status of [${this.executionStatus}]`);
    this.plan.execute({ disableRollback });
    this.#isExecuted = true;
  }

  #notExecutable(what: string): ServiceError {
    return new ServiceError(
      "InvalidChangeSetStatus",
      `ChangeSet [${this.id}] cannot be executed in its current ${what}`,
    );
  }
}
