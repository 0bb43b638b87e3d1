/** CloudFormation: stacks by name and id, and their change sets. */
import type { Template } from "../../template/template.ts";
import type { Account } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { ChangeSet, type ChangeSetPlan } from "./change-set.ts";
import { shownParameters } from "./parameters.ts";
import type {
  ChangeSetRequest,
  StackEventRecord,
  StackRequest,
  StackResourceRecord,
  StackSummary,
  StackUpdate,
} from "./records.ts";
import { Stack } from "./stack.ts";
import { checkedTemplate, invalid, type ResourceTypes, typeNamed } from "./validation.ts";

/** The capabilities that a template has to be granted, and why; null: none. */
interface Requirement {
  capabilities: string[];
  reason: string | null;
}

interface KnownStack {
  stack: Stack;
  /** The client request tokens of its creation and of its last update. */
  token?: string | undefined;
  updateToken?: string | undefined;
  changeSets: ChangeSet[];
}

/** A stack's that waits for the change set that creates it. */
const noTemplate: Template = {
  description: null,
  parameters: [],
  mappings: {},
  conditions: {},
  resources: [],
  outputs: [],
  metadata: {},
  sections: [],
  transforms: [],
  places: new Map(),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export class CloudFormation {
  readonly #stacks: KnownStack[] = [];

  constructor(private readonly account: Account) {}

  /** Stricter than AWS: whatever is not modelled is refused here, before anything is made. */
  validateTemplate(templateBody: string): Requirement & { template: Template } {
    const template = checkedTemplate(templateBody, this.account.resourceTypes);
    return { template, ...requiredCapabilities(template, this.account.resourceTypes) };
  }

  /** The same request again, by its token, is the same stack. */
  createStack(request: StackRequest): { stackId: string } {
    const { stackName } = request;
    this.#checkName("stackName", stackName);
    const { template, capabilities } = this.validateTemplate(request.templateBody);
    const current = this.#current(stackName);
    if (current) {
      const { clientRequestToken: token } = request;
      if (token !== undefined && token === current.token) return { stackId: current.stack.id };
      throw new ServiceError("AlreadyExistsException", `Stack [${stackName}] already exists`);
    }
    requireGranted(capabilities, request.capabilities);
    const stack = new Stack(this.account, template, request);
    this.#stacks.push({ stack, token: request.clientRequestToken, changeSets: [] });
    stack.create();
    return { stackId: stack.id };
  }

  /** See `Stack.plan`. The same request again, by its token, is the same update. */
  updateStack(nameOrId: string, update: Omit<StackUpdate, "template"> & { clientRequestToken?: string }) {
    const found = this.#existing(nameOrId, `Stack [${nameOrId}] does not exist`);
    const { clientRequestToken: token, ...request } = update;
    if (token === undefined || token !== found.updateToken) {
      found.stack.update(this.#grantedUpdate(request));
      for (const changeSet of found.changeSets) changeSet.becomeObsolete();
      found.updateToken = token;
    }
    return { stackId: found.stack.id };
  }

  #grantedUpdate(request: Omit<StackUpdate, "template">): StackUpdate {
    const { template, capabilities } = this.validateTemplate(request.templateBody);
    requireGranted(capabilities, request.capabilities);
    return { ...request, template };
  }

  /**
   * The stack that a change set creates is there at once, without any resource.
   * @throws ServiceError in the words of compose-x/ecs_composex issue 785 and mapbox/cfn-config issue 182
   */
  createChangeSet(request: ChangeSetRequest): ChangeSet {
    const { name, stackName } = request;
    this.#checkName("changeSetName", name);
    if (request.type === "UPDATE") {
      const found = this.#existing(stackName, `Stack [${stackName}] does not exist`);
      return this.#addChangeSet(found, this.#plannedUpdate(found, request));
    }
    this.#checkName("stackName", stackName);
    const current = this.#current(stackName);
    if (current && current.stack.status !== "REVIEW_IN_PROGRESS") {
      throw invalid(`Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`);
    }
    if (request.previousParameters?.length) {
      throw invalid("Cannot specify UsePreviousValue on Parameters when ChangeSetType is CREATE");
    }
    const { template, capabilities } = this.validateTemplate(request.templateBody);
    requireGranted(capabilities, request.capabilities);
    const review =
      current?.stack ?? new Stack(this.account, noTemplate, { stackName, templateBody: "", parameters: [] });
    const planned = new Stack(this.account, template, request, review);
    const known = current ?? { stack: review, changeSets: [] };
    const changeSet = this.#addChangeSet(known, {
      ...shownRequest(request),
      parameters: planned.summary().parameters,
      changes: planned.additions,
      isEmpty: false,
      execute: ({ disableRollback = request.disableRollback }) => {
        known.stack = new Stack(this.account, template, { ...request, disableRollback }, review);
        known.stack.create();
      },
    });
    if (!current) {
      this.#stacks.push(known);
      review.review();
    }
    return changeSet;
  }

  #plannedUpdate({ stack }: KnownStack, request: ChangeSetRequest): ChangeSetPlan {
    const update = this.#grantedUpdate(request);
    const { after, changes, isEmpty } = stack.plan(update);
    return {
      ...shownRequest({ ...request, ...after.request, name: request.name }),
      parameters: shownParameters(after.template, after.values),
      changes,
      isEmpty,
      execute: ({ disableRollback = false }) => {
        if (disableRollback) throw invalid("the local target does not model DisableRollback of an update");
        stack.update(update);
      },
    };
  }

  #addChangeSet(known: KnownStack, plan: ChangeSetPlan): ChangeSet {
    if (known.changeSets.some((each) => each.plan.name === plan.name)) {
      throw new ServiceError("AlreadyExistsException", `ChangeSet ${plan.name} already exists`);
    }
    const changeSet = new ChangeSet(this.account, plan, () => known.stack);
    known.changeSets.push(changeSet);
    return changeSet;
  }

  /** By its name and its stack's, or by its ARN. @throws ServiceError `ChangeSetNotFound` */
  changeSet(nameOrId: string, stackName?: string): ChangeSet {
    return this.#knownChangeSet(nameOrId, stackName).changeSet;
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html: the stack's others are deleted. */
  executeChangeSet(nameOrId: string, stackName?: string, disableRollback?: boolean): void {
    const { known, changeSet } = this.#knownChangeSet(nameOrId, stackName);
    changeSet.execute(disableRollback);
    known.changeSets = [changeSet];
  }

  /** One that does not exist is no error. */
  deleteChangeSet(nameOrId: string, stackName?: string): void {
    if (stackName !== undefined) this.#existing(stackName);
    for (const known of this.#stacks) {
      const isOther = ({ id, plan, stackId, stackName: name }: ChangeSet) =>
        id !== nameOrId && (plan.name !== nameOrId || (stackName !== name && stackName !== stackId));
      known.changeSets = known.changeSets.filter(isOther);
    }
  }

  changeSets(stackName: string): readonly ChangeSet[] {
    return this.#existing(stackName).changeSets;
  }

  #knownChangeSet(nameOrId: string, stackName?: string): { known: KnownStack; changeSet: ChangeSet } {
    const isId = nameOrId.startsWith("arn:");
    if (!isId && stackName === undefined)
      throw invalid("StackName must be specified if ChangeSetName is not specified as an ARN.");
    for (const known of isId ? this.#stacks : [this.#existing(stackName!)]) {
      const changeSet = known.changeSets.find((each) => (isId ? each.id : each.plan.name) === nameOrId);
      if (changeSet) return { known, changeSet };
    }
    throw new ServiceError("ChangeSetNotFound", `ChangeSet [${nameOrId}] does not exist`, 404);
  }

  /** null: it has none. */
  stackPolicy(nameOrId: string): string | null {
    return this.#existing(nameOrId).stack.policy;
  }

  protectTermination(nameOrId: string, isProtected: boolean): { stackId: string } {
    const { stack } = this.#existing(nameOrId, `Stack [${nameOrId}] does not exist`);
    stack.protectTermination(isProtected);
    return { stackId: stack.id };
  }

  /** A stack that does not exist is no error, as on AWS. */
  deleteStack(nameOrId: string): void {
    const known = this.#find(nameOrId);
    known?.stack.delete();
    if (known) known.changeSets = [];
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

  /** The id of the stack that has a resource with this physical id. @throws ServiceError `ValidationError` */
  stackOf(physicalId: string): string {
    const found = this.#stacks.find(({ stack }) => stack.resources.some((each) => each.physicalId === physicalId));
    if (!found) throw invalid(`Stack for ${physicalId} does not exist`);
    return found.stack.id;
  }

  /** Empty: the stack waits for the change set that creates it. */
  getTemplate(nameOrId: string): string {
    return this.#existing(nameOrId).stack.templateBody;
  }

  /** Deleted ones too. */
  listStacks(): StackSummary[] {
    return this.#stacks.map(({ stack }) => stack.summary()).toReversed();
  }

  #checkName(member: "stackName" | "changeSetName", name: string): void {
    const most = this.account.constants["cloudformation.maximumStackNameCharacters"];
    if (/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name) && name.length <= most) return;
    throw invalid(
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
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

function shownRequest({ name, description, templateBody, tags = [], capabilities = [] }: ChangeSetRequest) {
  return { name, description: description ?? null, templateBody, tags, capabilities };
}

function requireGranted(needed: readonly string[], granted: readonly string[] = []): void {
  if (granted.includes("CAPABILITY_NAMED_IAM") || needed.every((each) => granted.includes(each))) return;
  throw new ServiceError("InsufficientCapabilitiesException", `Requires capabilities : [${needed.join(", ")}]`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html */
function requiredCapabilities(template: Template, types: ResourceTypes): Requirement {
  const iam = template.resources.filter(({ type }) => typeNamed(types, type)?.iam);
  if (iam.length === 0) return { capabilities: [], reason: null };
  const isNamed = iam.some(({ type, properties }) => {
    const namedBy = typeNamed(types, type)!.iam!.namedBy;
    return namedBy !== null && Object.hasOwn(properties, namedBy);
  });
  const names = [...new Set(iam.map(({ type }) => type))].join(", ");
  return {
    capabilities: [isNamed ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"],
    reason: `The following resource(s) require capabilities: [${names}]`,
  };
}
