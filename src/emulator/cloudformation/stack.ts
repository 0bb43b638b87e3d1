/** One stack: its resources come and go in the order of their dependencies, on virtual time, and every step is an event. */

import { noValue, type Resolved, type Scope } from "../../template/intrinsics.ts";
import { referencedParameter } from "../../template/parameter.ts";
import type { Template, TemplateMap, TemplateValue } from "../../template/template.ts";
import type { Account, Created, Creation, ResourceType } from "../account.ts";
import type { Timer } from "../kernel/timers.ts";
import { ServiceError } from "../service-error.ts";
import { given } from "../template/properties.ts";
import { InvalidProperties } from "../template/resource-type.ts";
import { dereferenced, storedReference } from "./dynamic-references.ts";
import { holds, resolve } from "./functions.ts";
import { parameterValues } from "./parameters.ts";
import type {
  StackEventRecord,
  StackRequest,
  StackResourceRecord,
  StackSummary,
  StackUpdate,
  Version,
} from "./records.ts";
import { changedProperties, requireUpdatable } from "./update.ts";
import { dependenciesOf, invalid, requireResolved } from "./validation.ts";

interface Resource extends StackResourceRecord {
  readonly type: ResourceType;
  created: Created | null;
  timer: Timer | null;
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
  readonly events: StackEventRecord[] = [];
  readonly #resources = new Map<string, Resource>();
  readonly #dependencies: Map<string, Set<string>>;
  #values: Map<string, string>;
  readonly #createdAt: number;
  readonly #pseudoParameters: ReadonlyMap<string, Resolved>;
  readonly #scope: Scope;
  #status = "";
  #statusReason: string | null = null;
  #updatedAt: number | null = null;
  #deletedAt: number | null = null;
  /** Resources that the deletion under way could not delete. */
  readonly #undeletable = new Set<string>();
  /** The status that the stack has when all its resources are deleted. */
  #end: "DELETE_COMPLETE" | "ROLLBACK_COMPLETE" = "DELETE_COMPLETE";
  #outputs: StackSummary["outputs"] = [];

  /** @throws ServiceError `ValidationError` for parameters that the template does not take; then nothing is made. */
  constructor(
    private readonly account: Account,
    private template: Template,
    private request: StackRequest,
  ) {
    const random = account.kernel.random("cloudformation");
    this.name = request.stackName;
    this.id = `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${this.name}/${random.uuid()}`;
    this.#createdAt = account.kernel.now;
    this.#values = parameterValues(template, request.parameters);
    this.#pseudoParameters = new Map<string, Resolved>([
      ["AWS::AccountId", account.accountId],
      ["AWS::NoValue", noValue],
      ["AWS::NotificationARNs", []],
      ["AWS::Partition", "aws"],
      ["AWS::Region", account.region],
      ["AWS::StackId", this.id],
      ["AWS::StackName", this.name],
      ["AWS::URLSuffix", "amazonaws.com"],
    ]);
    this.#scope = this.#makeScope();
    this.#dependencies = dependenciesOf(template, this.#scope.condition);
    for (const declaration of template.resources) {
      if (declaration.condition !== null && !this.#scope.condition(declaration.condition)) continue;
      this.#resources.set(declaration.logicalId, {
        type: account.resourceTypes.get(declaration.type)!,
        logicalId: declaration.logicalId,
        physicalId: "",
        resourceType: declaration.type,
        status: "",
        statusReason: null,
        timestamp: account.kernel.now,
        created: null,
        timer: null,
      });
    }
    requireResolved(template, new Set(this.#resources.keys()), this.#scope.condition);
  }

  get status(): string {
    return this.#status;
  }

  get resources(): StackResourceRecord[] {
    return [...this.#resources.values()]
      .filter(({ status }) => status !== "")
      .map(({ type, created, timer, ...record }) => record);
  }

  summary(): StackSummary {
    const { description, parameters } = this.template;
    const hidden = new Set(parameters.filter(({ noEcho }) => noEcho).map(({ name }) => name));
    return {
      stackId: this.id,
      stackName: this.name,
      status: this.#status,
      statusReason: this.#statusReason,
      createdAt: this.#createdAt,
      updatedAt: this.#updatedAt,
      deletedAt: this.#deletedAt,
      parameters: [...this.#values].map(([key, value]) => ({ key, value: hidden.has(key) ? "****" : value })),
      outputs: this.#outputs,
      tags: this.request.tags ?? [],
      description,
      capabilities: this.request.capabilities ?? [],
      enableTerminationProtection: this.request.enableTerminationProtection ?? false,
    };
  }

  create(): void {
    this.#become("CREATE_IN_PROGRESS", "User Initiated");
    this.#createReadyResources();
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
    this.#deleteUnneededResources();
  }

  /**
   * Updates in place only: a change that would add, remove or replace a resource is refused by name.
   * @throws ServiceError `ValidationError`; then nothing has changed.
   */
  update(update: StackUpdate): void {
    if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(this.#status)) {
      throw invalid(`Stack:${this.id} is in ${this.#status} state and can not be updated.`);
    }
    const { template, previousParameters = [], ...requested } = update;
    const previous = previousParameters.flatMap((key) => {
      const value = this.#values.get(key);
      return value === undefined ? [] : [{ key, value }];
    });
    const before = { template: this.template, values: this.#values, request: this.request };
    const after = {
      template,
      values: parameterValues(template, [...update.parameters, ...previous]),
      request: { ...this.request, ...given<StackRequest>(requested) },
    };
    const changes = changedProperties(before, after, this.#pseudoParameters);
    for (const change of changes) requireUpdatable(change, this.account.resourceTypes.get(change.type)!);
    const isSame = (part: (version: Version) => unknown) =>
      JSON.stringify(part(before)) === JSON.stringify(part(after));
    if (
      changes.length === 0 &&
      isSame(({ request }) => request.tags ?? []) &&
      isSame(({ template }) => template.outputs)
    ) {
      this.request = after.request;
      throw invalid("No updates are to be performed.");
    }
    this.#become("UPDATE_IN_PROGRESS", "User Initiated");
    this.#take(after);
    this.#updatedAt = this.account.kernel.now;
    const changed = changes.map(({ logicalId }) => this.#resources.get(logicalId)!);
    this.#updateOneByOne(changed, [], before);
  }

  #take({ template, values, request }: Version): void {
    this.template = template;
    this.#values = values;
    this.request = request;
  }

  /** One resource after the other; when one fails, those before it become what they were. */
  #updateOneByOne(left: Resource[], done: Resource[], before: Version): void {
    const [resource, ...others] = left;
    if (resource === undefined) {
      this.#outputs = this.#resolvedOutputs();
      this.#become("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
      this.#become("UPDATE_COMPLETE");
      return;
    }
    this.#resourceBecomes(resource, "UPDATE_IN_PROGRESS");
    try {
      this.#apply(resource);
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      this.#resourceBecomes(resource, "UPDATE_FAILED", this.#reasonOf(failure, resource.resourceType));
      this.#become(
        "UPDATE_ROLLBACK_IN_PROGRESS",
        `The following resource(s) failed to update: [${resource.logicalId}]. `,
      );
      this.#take(before);
      for (const each of [...done, resource]) {
        this.#apply(each);
        this.#resourceBecomes(each, "UPDATE_COMPLETE");
      }
      this.#become("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
      this.#become("UPDATE_ROLLBACK_COMPLETE");
      return;
    }
    this.account.kernel.after(resource.type.creationMs.value, () => {
      // A stack may be deleted while it is updated.
      if (this.#status !== "UPDATE_IN_PROGRESS") return;
      this.#resourceBecomes(resource, "UPDATE_COMPLETE");
      this.#updateOneByOne(others, [...done, resource], before);
    });
  }

  /** Gives a resource the properties that the stack's template now has for it. */
  #apply({ logicalId, type, created }: Resource): void {
    type.update!(created!, this.#creation(logicalId));
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
      resource.created = type.create(this.#creation(resource.logicalId));
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
    resource.physicalId = resource.created.physicalId;
    this.#resourceBecomes(resource, "CREATE_IN_PROGRESS", "Resource creation Initiated");
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
    for (const resource of left) {
      const isNeeded = left.some((other) => this.#dependencies.get(other.logicalId)!.has(resource.logicalId));
      if (isNeeded || resource.status === "DELETE_IN_PROGRESS" || this.#undeletable.has(resource.logicalId)) continue;
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
    return secrets.reduce((shown, secret) => shown.replaceAll(secret, "****"), text);
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
      condition: (name) => holds(this.template.conditions[name] as TemplateValue, scope),
    };
    return scope;
  }

  #created(logicalId: string): Created {
    const created = this.#resources.get(logicalId)?.created;
    if (!created) throw invalid(`Template error: the resource ${logicalId} is not created under its condition`);
    return created;
  }
}
