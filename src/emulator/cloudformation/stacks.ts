/** CloudFormation: stacks by name and id. */
import type { Template } from "../../template/template.ts";
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import type { StackEventRecord, StackRequest, StackResourceRecord, StackSummary, StackUpdate } from "./records.ts";
import { Stack } from "./stack.ts";
import { checkedTemplate, invalid, type ResourceTypes } from "./validation.ts";

/** The capabilities that a template has to be granted, and why; null: none. */
interface Requirement {
  capabilities: string[];
  reason: string | null;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export class CloudFormation {
  readonly #stacks: {
    stack: Stack;
    templateBody: string;
    /** The client request tokens of its creation and of its last update. */
    token: string | undefined;
    updateToken?: string | undefined;
  }[] = [];

  constructor(private readonly account: Account) {}

  /** Stricter than AWS: whatever is not modelled is refused here, before anything is made. */
  validateTemplate(templateBody: string): Requirement & { template: Template } {
    const template = checkedTemplate(templateBody, this.account.resourceTypes);
    return { template, ...requiredCapabilities(template, this.account.resourceTypes) };
  }

  /** The same request again, by its token, is the same stack. */
  createStack(request: StackRequest): { stackId: string } {
    const { stackName, templateBody } = request;
    const most = this.account.constants["cloudformation.maximumStackNameCharacters"];
    if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(stackName) || stackName.length > most) {
      throw invalid(
        `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    const { template, capabilities } = this.validateTemplate(templateBody);
    const current = this.#current(stackName);
    if (current) {
      const { clientRequestToken: token } = request;
      if (token !== undefined && token === current.token) return { stackId: current.stack.id };
      throw new ServiceError("AlreadyExistsException", `Stack [${stackName}] already exists`);
    }
    requireGranted(capabilities, request.capabilities);
    const stack = new Stack(this.account, template, request);
    this.#stacks.push({ stack, templateBody, token: request.clientRequestToken });
    stack.create();
    return { stackId: stack.id };
  }

  /** In place only: see `Stack.update`. The same request again, by its token, is the same update. */
  updateStack(nameOrId: string, update: Omit<StackUpdate, "template"> & { clientRequestToken?: string }) {
    const found = this.#existing(nameOrId, `Stack [${nameOrId}] does not exist`);
    const { clientRequestToken: token, ...request } = update;
    if (token === undefined || token !== found.updateToken) {
      const { template, capabilities } = this.validateTemplate(request.templateBody);
      requireGranted(capabilities, request.capabilities);
      found.stack.update({ ...request, template });
      found.templateBody = request.templateBody;
      found.updateToken = token;
    }
    return { stackId: found.stack.id };
  }

  /** null: it has none. */
  stackPolicy(nameOrId: string): string | null {
    return this.#existing(nameOrId).stack.policy;
  }

  /** A stack that does not exist is no error, as on AWS. */
  deleteStack(nameOrId: string): void {
    this.#find(nameOrId)?.stack.delete();
  }

  /** Without a name: every stack that is not deleted. */
  describeStacks(nameOrId?: string): StackSummary[] {
    if (nameOrId !== undefined) return [this.#existing(nameOrId).stack.summary()];
    return this.#stacks.map(({ stack }) => stack.summary()).filter(({ status }) => status !== "DELETE_COMPLETE");
  }

  /** Newest first. */
  describeStackEvents(nameOrId: string): StackEventRecord[] {
    return this.#existing(nameOrId, `Stack [${nameOrId}] does not exist`).stack.events.toReversed();
  }

  describeStackResources(nameOrId: string): StackResourceRecord[] {
    return this.#existing(nameOrId).stack.resources;
  }

  getTemplate(nameOrId: string): string {
    return this.#existing(nameOrId).templateBody;
  }

  /** Deleted ones too. */
  listStacks(): StackSummary[] {
    return this.#stacks.map(({ stack }) => stack.summary()).toReversed();
  }

  #current(name: string) {
    return this.#stacks.find(({ stack }) => stack.name === name && stack.status !== "DELETE_COMPLETE");
  }

  /** A deleted stack is found by its id only. */
  #find(nameOrId: string) {
    return this.#stacks.find(({ stack }) => stack.id === nameOrId) ?? this.#current(nameOrId);
  }

  #existing(nameOrId: string, message = `Stack with id ${nameOrId} does not exist`) {
    const found = this.#find(nameOrId);
    if (!found) throw invalid(message);
    return found;
  }
}

function requireGranted(needed: readonly string[], granted: readonly string[] = []): void {
  if (granted.includes("CAPABILITY_NAMED_IAM") || needed.every((each) => granted.includes(each))) return;
  throw new ServiceError("InsufficientCapabilitiesException", `Requires capabilities : [${needed.join(", ")}]`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html */
function requiredCapabilities(template: Template, types: ResourceTypes): Requirement {
  const iam = template.resources.filter(({ type }) => types.get(type)?.iam);
  if (iam.length === 0) return { capabilities: [], reason: null };
  const isNamed = iam.some(({ type, properties }) => {
    const namedBy = types.get(type)!.iam!.namedBy;
    return namedBy !== null && Object.hasOwn(properties, namedBy);
  });
  const names = [...new Set(iam.map(({ type }) => type))].join(", ");
  return {
    capabilities: [isNamed ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"],
    reason: `The following resource(s) require capabilities: [${names}]`,
  };
}
