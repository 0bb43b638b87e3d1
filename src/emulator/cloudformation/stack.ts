/** One stack: its resources come and go in the order of their dependencies, on virtual time, and every step is an event. */

import { noValue, type Resolved, type Scope } from "../../template/intrinsics.ts";
import { mask, referencedParameter } from "../../template/parameter.ts";
import type { Template, TemplateMap, TemplateValue } from "../../template/template.ts";
import type { Account, Created, Creation, ResourceType } from "../account.ts";
import type { Timer } from "../kernel/timers.ts";
import { ServiceError } from "../service-error.ts";
import { given } from "../template/properties.ts";
import { InvalidProperties } from "../template/resource-type.ts";
import { dereferenced, storedReference } from "./dynamic-references.ts";
import { eachOnce, holds, resolve } from "./functions.ts";
import { parameterValues, shownParameters } from "./parameters.ts";
import { pseudoParametersOf } from "./pseudo-parameters.ts";
import type {
  Change,
  PlannedUpdate,
  StackEventRecord,
  StackRequest,
  StackResourceRecord,
  StackSummary,
  StackUpdate,
  Version,
} from "./records.ts";
import { changesBetween, requireUpdatable } from "./update.ts";
import { dependenciesOf, invalid, requireResolved, typeNamed } from "./validation.ts";

interface Resource extends StackResourceRecord {
  readonly type: ResourceType;
  /** The DeletionPolicy of the template that has made or changed it last. */
  policy: string;
  created: Created | null;
  timer: Timer | null;
}

/** The logical ids of the resources of an update; what is in `left` is neither modified nor added yet. */
interface UpdateUnderWay {
  left: Set<string>;
  modified: Resource[];
  added: Set<string>;
  removed: Set<string>;
  before: Version;
}

const stackType = "AWS::CloudFormation::Stack";

/** The handlers' code for a service's, where it is another: aws-samples/alarm-context-tool issue 2, mongodb/docs-worker-pool pull request 878. */
const handlerErrorCodes: Readonly<Record<string, string>> = {
  InvalidParameterValueException: "InvalidRequest",
  ValidationException: "InvalidRequest",
};

/** The handlers of some resource types put this before a service's sentence about an invalid request: mongodb/docs-worker-pool pull request 878. */
const invalidRequestPrefixes: Readonly<Record<string, string>> = {
  "AWS::Lambda::EventSourceMapping": "Invalid request provided: ",
};

export class Stack {
  readonly id: string;
  readonly name: string;
  readonly events: StackEventRecord[];
  readonly #resources = new Map<string, Resource>();
  #dependencies: Map<string, Set<string>>;
  #values: Map<string, string>;
  #shown: { values: Map<string, string>; parameters: StackSummary["parameters"] } | null = null;
  readonly #createdAt: number;
  readonly #pseudoParameters: ReadonlyMap<string, Resolved>;
  #scope: Scope;
  #status = "";
  #statusReason: string | null = null;
  #updatedAt: number | null = null;
  #deletedAt: number | null = null;
  /** Resources that the deletion under way could not delete. */
  readonly #undeletable = new Set<string>();
  /** The status that the stack has when all its resources are deleted. */
  #end: "DELETE_COMPLETE" | "ROLLBACK_COMPLETE" = "DELETE_COMPLETE";
  #outputs: StackSummary["outputs"] = [];
  /** The deletion under way undoes the operation that made the resources. */
  #isCreationUndone = false;

  /**
   * `reviewed`: the same stack while it had no template yet, whose id it keeps.
   * @throws ServiceError `ValidationError` for parameters that the template does not take; then nothing is made.
   */
  constructor(
    private readonly account: Account,
    private template: Template,
    private request: StackRequest,
    reviewed: Stack | null = null,
  ) {
    this.name = request.stackName;
    this.id = reviewed?.id ?? this.#newId();
    this.events = reviewed?.events ?? [];
    this.#createdAt = reviewed === null ? account.kernel.now : reviewed.#createdAt;
    this.#values = parameterValues(template, request.parameters);
    this.#pseudoParameters = new Map<string, Resolved>([
      ...Object.entries(pseudoParametersOf(account)),
      ["AWS::NoValue", noValue],
      ["AWS::NotificationARNs", []],
      ["AWS::StackId", this.id],
      ["AWS::StackName", this.name],
    ]);
    this.#scope = this.#makeScope();
    this.#dependencies = dependenciesOf(template, this.#scope.condition);
    for (const declaration of template.resources) {
      if (declaration.condition !== null && !this.#scope.condition(declaration.condition)) continue;
      this.#declare(declaration.logicalId, declaration.type);
    }
    requireResolved(template, new Set(this.#resources.keys()), this.#scope.condition);
    this.#readPolicies();
  }

  #newId(): string {
    const { kernel, region, accountId } = this.account;
    return `arn:aws:cloudformation:${region}:${accountId}:stack/${this.name}/${kernel.random("cloudformation").uuid()}`;
  }

  #declare(logicalId: string, resourceType: string): void {
    this.#resources.set(logicalId, {
      type: typeNamed(this.account.resourceTypes, resourceType)!,
      logicalId,
      physicalId: "",
      resourceType,
      status: "",
      statusReason: null,
      timestamp: this.account.kernel.now,
      policy: "Delete",
      created: null,
      timer: null,
    });
  }

  /** Only the template that has a resource says what becomes of it when it goes. */
  #readPolicies(): void {
    for (const { logicalId, declaration } of this.template.resources) {
      const resource = this.#resources.get(logicalId);
      if (resource !== undefined)
        resource.policy = String(resolve(declaration.DeletionPolicy ?? "Delete", this.#scope));
    }
  }

  get status(): string {
    return this.#status;
  }

  get templateBody(): string {
    return this.request.templateBody;
  }

  get resources(): StackResourceRecord[] {
    return [...this.#resources.values()]
      .filter(({ status }) => status !== "")
      .map(({ type, policy, created, timer, ...record }) => record);
  }

  summary(): StackSummary {
    return {
      stackId: this.id,
      stackName: this.name,
      status: this.#status,
      statusReason: this.#statusReason,
      createdAt: this.#createdAt,
      updatedAt: this.#updatedAt,
      deletedAt: this.#deletedAt,
      parameters: this.#shownParameters(),
      outputs: this.#outputs,
      tags: this.request.tags ?? [],
      description: this.template.description,
      capabilities: this.request.capabilities ?? [],
      enableTerminationProtection: this.request.enableTerminationProtection ?? false,
    };
  }

  /** Whoever waits for the stack asks for them again and again. */
  #shownParameters(): StackSummary["parameters"] {
    if (this.#shown?.values !== this.#values) {
      this.#shown = { values: this.#values, parameters: shownParameters(this.template, this.#values) };
    }
    return this.#shown.parameters;
  }

  /** It waits for a change set that creates it. */
  review(): void {
    this.#become("REVIEW_IN_PROGRESS", "User Initiated");
  }

  create(): void {
    this.#become("CREATE_IN_PROGRESS", "User Initiated");
    this.#createReadyResources();
  }

  /** The resources of a stack that is not created yet. */
  get additions(): Change[] {
    return [...this.#resources.values()].map(({ logicalId, resourceType: type }) => ({
      action: "Add",
      logicalId,
      type,
      properties: [],
    }));
  }

  protectTermination(isProtected: boolean): void {
    this.request = { ...this.request, enableTerminationProtection: isProtected };
  }

  get policy(): string | null {
    return this.request.stackPolicyBody ?? null;
  }

  /** @throws ServiceError `ValidationError` while termination is protected. */
  delete(): void {
    if (this.request.enableTerminationProtection) {
      throw invalid(`Stack [${this.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (this.#status === "DELETE_IN_PROGRESS" || this.#status === "DELETE_COMPLETE") return;
    this.#undeletable.clear();
    this.#become("DELETE_IN_PROGRESS", "User Initiated");
    this.#stopCreating();
    this.#end = "DELETE_COMPLETE";
    this.#isCreationUndone = false;
    this.#deleteUnneededResources();
  }

  /**
   * Works an update out. A change that would replace a resource is refused by name.
   * @throws ServiceError `ValidationError`
   */
  plan(update: StackUpdate): PlannedUpdate {
    if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(this.#status)) {
      throw invalid(`Stack:${this.id} is in ${this.#status} state and can not be updated.`);
    }
    const { template, previousParameters = [], ...requested } = update;
    const previous = previousParameters.map((key) => ({ key, value: this.#previousValue(key) }));
    const before = { template: this.template, values: this.#values, request: this.request };
    const after = {
      template,
      values: parameterValues(template, [...update.parameters, ...previous]),
      request: { ...this.request, ...given<StackRequest>(requested) },
    };
    const changes = changesBetween(before, after, this.#pseudoParameters);
    for (const change of changes) requireUpdatable(change, typeNamed(this.account.resourceTypes, change.type)!);
    const isSame = (part: (version: Version) => unknown) =>
      JSON.stringify(part(before)) === JSON.stringify(part(after));
    const isEmpty =
      changes.length === 0 && isSame(({ request }) => request.tags ?? []) && isSame(({ template }) => template.outputs);
    return { before, after, changes, isEmpty };
  }

  /** Refused in the words of rackerlabs/ebs_snapper issue 56. */
  #previousValue(key: string): string {
    const value = this.#values.get(key);
    if (value !== undefined) return value;
    throw invalid(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
    );
  }

  /** @throws ServiceError `ValidationError`; then nothing has changed. */
  update(update: StackUpdate): void {
    const { before, after, changes, isEmpty } = this.plan(update);
    if (isEmpty) {
      this.request = { ...after.request, templateBody: before.request.templateBody };
      throw invalid("No updates are to be performed.");
    }
    this.#become("UPDATE_IN_PROGRESS", "User Initiated");
    this.#take(after);
    this.#updatedAt = this.account.kernel.now;
    for (const { action, logicalId, type } of changes) if (action === "Add") this.#declare(logicalId, type);
    this.#readPolicies();
    const ids = (wanted: (change: Change) => boolean) => changes.filter(wanted).map(({ logicalId }) => logicalId);
    this.#updateOneByOne({
      left: new Set(ids(({ action }) => action !== "Remove")),
      modified: [],
      added: new Set(),
      removed: new Set(ids(({ action }) => action === "Remove")),
      before,
    });
  }

  /** A resource that an update removes still needs what it needed. */
  #take({ template, values, request }: Version): void {
    this.template = template;
    this.#values = values;
    this.request = request;
    this.#scope = this.#makeScope();
    this.#dependencies = new Map([...this.#dependencies, ...dependenciesOf(template, this.#scope.condition)]);
  }

  /** One resource after the other; when one fails, those before it become what they were. */
  #updateOneByOne(update: UpdateUnderWay): void {
    const { left, modified, added } = update;
    const next = [...left].find((id) => ![...this.#dependencies.get(id)!].some((needed) => left.has(needed)));
    if (next === undefined) {
      this.#endUpdate(update);
      return;
    }
    left.delete(next);
    const resource = this.#resources.get(next)!;
    const verb = resource.created === null ? "CREATE" : "UPDATE";
    this.#resourceBecomes(resource, `${verb}_IN_PROGRESS`);
    try {
      if (verb === "UPDATE") this.#apply(resource);
      else this.#initiate(resource);
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      this.#resourceBecomes(resource, `${verb}_FAILED`, this.#reasonOf(failure, resource.resourceType));
      left.add(next);
      if (verb === "UPDATE") modified.push(resource);
      this.#takeBack(update, `The following resource(s) failed to ${verb.toLowerCase()}: [${next}]. `);
      return;
    }
    this.account.kernel.after(resource.type.creationMs.value, () => {
      // A stack may be deleted while it is updated.
      if (this.#status !== "UPDATE_IN_PROGRESS") return;
      this.#resourceBecomes(resource, `${verb}_COMPLETE`);
      if (verb === "UPDATE") modified.push(resource);
      else added.add(next);
      this.#updateOneByOne(update);
    });
  }

  #endUpdate(update: UpdateUnderWay): void {
    try {
      this.#outputs = this.#resolvedOutputs();
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      this.#takeBack(update, `${failure.message}.`);
      return;
    }
    this.#cleanUp("UPDATE_COMPLETE", update.removed);
  }

  /** Makes what the update has changed what it was, and deletes what it has added. */
  #takeBack({ left, modified, added, before }: UpdateUnderWay, reason: string): void {
    this.#become("UPDATE_ROLLBACK_IN_PROGRESS", reason);
    this.#take(before);
    for (const each of modified) {
      this.#apply(each);
      this.#resourceBecomes(each, "UPDATE_COMPLETE");
    }
    this.#cleanUp("UPDATE_ROLLBACK_COMPLETE", added);
    for (const id of left) if (this.#resources.get(id)?.created === null) this.#resources.delete(id);
  }

  /** Deletes what is no longer wanted, one after the other; what cannot be deleted is no longer the stack's. */
  #cleanUp(end: "UPDATE_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE", unwanted: Set<string>): void {
    const cleaning = `${end}_CLEANUP_IN_PROGRESS`;
    this.#become(cleaning);
    const deleteNext = () => {
      if (this.#status !== cleaning) return;
      const next = [...unwanted].find((id) => ![...unwanted].some((other) => this.#dependencies.get(other)!.has(id)));
      if (next === undefined) {
        this.#become(end);
        return;
      }
      unwanted.delete(next);
      const resource = this.#resources.get(next)!;
      const forget = (status: string, reason: string | null = null) => {
        this.#resourceBecomes(resource, status, reason);
        this.#resources.delete(next);
        deleteNext();
      };
      if (isKept(resource, end === "UPDATE_ROLLBACK_COMPLETE")) {
        forget("DELETE_SKIPPED");
        return;
      }
      this.#resourceBecomes(resource, "DELETE_IN_PROGRESS");
      try {
        resource.created!.delete();
      } catch (failure) {
        if (!(failure instanceof ServiceError)) throw failure;
        forget("DELETE_FAILED", this.#reasonOf(failure, resource.resourceType));
        return;
      }
      this.account.kernel.after(resource.type.deletionMs.value, () => forget("DELETE_COMPLETE"));
    };
    deleteNext();
  }

  /** Gives a resource the properties that the stack's template now has for it. */
  #apply({ logicalId, type, created }: Resource): void {
    type.update!(created!, this.#creation(logicalId));
  }

  /** Has a resource's service make it. */
  #initiate(resource: Resource): void {
    resource.created = resource.type.create(this.#creation(resource.logicalId));
    resource.physicalId = resource.created.physicalId;
    this.#resourceBecomes(resource, "CREATE_IN_PROGRESS", "Resource creation Initiated");
  }

  /** Begins every resource that needs nothing that is not there yet. */
  #createReadyResources(): void {
    if (this.#status !== "CREATE_IN_PROGRESS") return;
    const resources = [...this.#resources.values()];
    if (resources.every(({ status }) => status === "CREATE_COMPLETE")) {
      this.#complete();
      return;
    }
    const isThere = (logicalId: string) => {
      const resource = this.#resources.get(logicalId);
      return resource === undefined || resource.status === "CREATE_COMPLETE";
    };
    for (const resource of resources) {
      if (resource.status !== "" || ![...this.#dependencies.get(resource.logicalId)!].every(isThere)) continue;
      this.#createResource(resource);
      if (this.#status !== "CREATE_IN_PROGRESS") return;
    }
  }

  #createResource(resource: Resource): void {
    const { kernel } = this.account;
    const { type } = resource;
    this.#resourceBecomes(resource, "CREATE_IN_PROGRESS");
    try {
      this.#initiate(resource);
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      this.#resourceBecomes(resource, "CREATE_FAILED", this.#reasonOf(failure, resource.resourceType));
      this.#stopCreating();
      const failed = [...this.#resources.values()].filter(({ status }) => status === "CREATE_FAILED");
      this.#giveUp(
        `The following resource(s) failed to create: [${failed.map(({ logicalId }) => logicalId).join(", ")}].`,
      );
      return;
    }
    resource.timer = kernel.after(type.creationMs.value, () => {
      this.#resourceBecomes(resource, "CREATE_COMPLETE");
      this.#createReadyResources();
    });
  }

  /** A resource's properties by the stack's present template, with what else its type needs. */
  #creation(logicalId: string): Creation<TemplateMap> {
    const { properties } = this.template.resources.find((each) => each.logicalId === logicalId)!;
    return {
      account: this.account,
      properties: dereferenced(resolve(properties, this.#scope) as TemplateMap, this.account),
      logicalId,
      generatedName: (maximum) => this.#generatedName(logicalId, maximum),
    };
  }

  #complete(): void {
    try {
      this.#outputs = this.#resolvedOutputs();
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      this.#giveUp(`${failure.message}.`);
      return;
    }
    this.#become("CREATE_COMPLETE");
  }

  #resolvedOutputs(): StackSummary["outputs"] {
    return this.template.outputs
      .filter(({ condition }) => condition === null || this.#scope.condition(condition))
      .map(({ name, value, description }) => ({
        key: name,
        value: String(resolve(value, this.#scope)),
        description,
      }));
  }

  #giveUp(reason: string): void {
    const { onFailure = this.request.disableRollback ? "DO_NOTHING" : "ROLLBACK" } = this.request;
    if (onFailure === "DO_NOTHING") {
      this.#become("CREATE_FAILED", reason);
      return;
    }
    this.#become(
      `${onFailure}_IN_PROGRESS`,
      `${reason} ${onFailure === "DELETE" ? "Delete" : "Rollback"} requested by user.`,
    );
    this.#end = `${onFailure}_COMPLETE`;
    this.#isCreationUndone = true;
    this.#deleteUnneededResources();
  }

  #stopCreating(): void {
    for (const resource of this.#resources.values()) {
      resource.timer?.cancel();
      resource.timer = null;
      if (resource.status === "CREATE_IN_PROGRESS") {
        this.#resourceBecomes(resource, "CREATE_FAILED", "Resource creation cancelled");
      }
    }
  }

  /** Deletes every resource that nothing needs any more. A resource that was never created is passed over. */
  #deleteUnneededResources(): void {
    const { kernel } = this.account;
    const left = [...this.#resources.values()].filter(({ created }) => created !== null);
    if (left.length === 0) {
      if (this.#end === "DELETE_COMPLETE") this.#deletedAt = kernel.now;
      this.#become(this.#end);
      return;
    }
    let isSkipped = false;
    for (const resource of left) {
      const isNeeded = left.some((other) => this.#dependencies.get(other.logicalId)!.has(resource.logicalId));
      if (isNeeded || resource.status === "DELETE_IN_PROGRESS" || this.#undeletable.has(resource.logicalId)) continue;
      if (isKept(resource, this.#isCreationUndone)) {
        resource.created = null;
        this.#resourceBecomes(resource, "DELETE_SKIPPED");
        isSkipped = true;
        continue;
      }
      this.#resourceBecomes(resource, "DELETE_IN_PROGRESS");
      try {
        resource.created!.delete();
      } catch (failure) {
        if (!(failure instanceof ServiceError)) throw failure;
        this.#undeletable.add(resource.logicalId);
        this.#resourceBecomes(resource, "DELETE_FAILED", this.#reasonOf(failure, resource.resourceType));
        continue;
      }
      kernel.after(resource.type.deletionMs.value, () => {
        resource.created = null;
        this.#resourceBecomes(resource, "DELETE_COMPLETE");
        this.#deleteUnneededResources();
      });
    }
    if (isSkipped) {
      // The resources that it needed may go now.
      this.#deleteUnneededResources();
      return;
    }
    if (this.#undeletable.size === 0 || left.some(({ status }) => status === "DELETE_IN_PROGRESS")) return;
    const reason = `The following resource(s) failed to delete: [${[...this.#undeletable].join(", ")}]. `;
    this.#become(this.#end === "DELETE_COMPLETE" ? "DELETE_FAILED" : "ROLLBACK_FAILED", reason);
  }

  #become(status: string, reason: string | null = null): void {
    this.#status = status;
    this.#statusReason = reason;
    this.#record({ logicalId: this.name, physicalId: this.id, resourceType: stackType, status, statusReason: reason });
  }

  #resourceBecomes(resource: Resource, status: string, reason: string | null = null): void {
    resource.status = status;
    resource.statusReason = reason === null ? null : this.#masked(reason);
    resource.timestamp = this.account.kernel.now;
    const { logicalId, physicalId, resourceType, statusReason } = resource;
    this.#record({ logicalId, physicalId, resourceType, status, statusReason });
  }

  /** A service may quote what it was given; a NoEcho value must not come out that way. */
  #masked(text: string): string {
    const secrets = this.template.parameters
      .filter(({ noEcho }) => noEcho)
      .map(({ name }) => this.#values.get(name)!)
      .filter((value) => value !== "");
    return secrets.reduce((shown, secret) => shown.replaceAll(secret, mask), text);
  }

  #record(event: Omit<StackEventRecord, "eventId" | "stackId" | "stackName" | "timestamp">): void {
    const { kernel } = this.account;
    this.events.push({
      eventId: kernel.random("cloudformation").uuid(),
      stackId: this.id,
      stackName: this.name,
      timestamp: kernel.now,
      ...event,
    });
  }

  /** Gives a service's refusal the form in which CloudFormation passes it on. */
  #reasonOf(failure: ServiceError, resourceType: string): string {
    if (failure instanceof InvalidProperties || failure.code === "ValidationError") return failure.message;
    const service = resourceType.split("::")[1];
    const requestId = this.account.kernel.random("cloudformation").uuid();
    const errorCode = handlerErrorCodes[failure.code] ?? failure.code;
    const prefix = errorCode === "InvalidRequest" ? (invalidRequestPrefixes[resourceType] ?? "") : "";
    return `Resource handler returned message: "${prefix}${failure.message} (Service: ${service}, Status Code: ${failure.statusCode}, Request ID: ${requestId})" (HandlerErrorCode: ${errorCode})`;
  }

  #generatedName(logicalId: string, maximum: number): string {
    const random = this.account.kernel.random("cloudformation");
    const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const suffix = Array.from({ length: 12 }, () => characters[random.below(characters.length)]).join("");
    // A name that would be too long loses the end of the stack's name first, then the end of the logical id.
    const stem = `${this.name.slice(0, Math.max(1, maximum - logicalId.length - suffix.length - 2))}-${logicalId}`;
    return `${stem.slice(0, maximum - suffix.length - 1)}-${suffix}`;
  }

  #makeScope(): Scope {
    const pseudo = this.#pseudoParameters;
    const template = () => this.template;
    const scope: Scope = {
      get mappings() {
        return template().mappings;
      },
      ref: (name) =>
        pseudo.get(name) ??
        referencedParameter(this.template.parameters, this.#values, name) ??
        storedReference(this.template.parameters, this.#values, name) ??
        this.#created(name).physicalId,
      attribute: (logicalId, attribute) => this.#created(logicalId).attributes[attribute]!,
      condition: eachOnce((name) => holds(this.template.conditions[name] as TemplateValue, scope)),
    };
    return scope;
  }

  #created(logicalId: string): Created {
    const created = this.#resources.get(logicalId)?.created;
    if (!created) throw invalid(`Template error: the resource ${logicalId} is not created under its condition`);
    return created;
  }
}

/**
 * Says whether a resource outlives its stack, or the update that takes it out. A snapshot outlives it on AWS, too, and is nothing here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
function isKept({ policy }: Resource, isCreationUndone: boolean): boolean {
  return policy === "Retain" || (policy === "RetainExceptOnCreate" && !isCreationUndone);
}
