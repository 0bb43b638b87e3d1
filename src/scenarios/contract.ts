/** The contract between the harness and a template: what has to be there for a run's events to be counted. */
import type { Scenario, Settings } from "../model.ts";
import { type Effective, effectiveTemplate } from "../template/effective.ts";
import { refersTo, resourceNamed, valueAt } from "../template/references.ts";
import type { TemplateMap, TemplatePath, TemplateResource, TemplateValue } from "../template/template.ts";
import type { Fault } from "./fault.ts";
import { type HandlerName, variableFaults } from "./variables.ts";

const functionType = "AWS::Lambda::Function";
const queueType = "AWS::SQS::Queue";
const mappingType = "AWS::Lambda::EventSourceMapping";
const ruleType = "AWS::Events::Rule";
const urlType = "AWS::Lambda::Url";

/** A function that gets the harness's code. */
interface Role {
  output: string;
  handler: HandlerName;
  /** the variable GROUP, by which the harness finds the function's rows */
  group: string | null;
  meaning: string;
  isRequired: boolean;
}

const roles: readonly Role[] = [
  {
    output: "ProducerFunction",
    handler: "producer",
    group: null,
    meaning: "the function that fires the burst",
    isRequired: true,
  },
  {
    output: "ConsumerFunction",
    handler: "consumer",
    group: "consumer",
    meaning: "the function under test",
    isRequired: true,
  },
  {
    output: "DeadLetterRecorderFunction",
    handler: "recorder",
    group: "dead-letter",
    meaning: "the function that writes dead letters into the table",
    isRequired: false,
  },
  {
    output: "AdapterFunction",
    handler: "adapter",
    group: null,
    meaning: "the function that puts a topic's events into a stream",
    isRequired: false,
  },
];

/** A type of resource by which events reach a function. */
interface SourceType {
  type: string;
  /** the values that name the functions, in the resource's properties */
  functions(properties: TemplateMap): (TemplateValue | undefined)[];
  /** the property that switches it off; null: it is always on */
  switch: { property: string; off: string } | null;
}

interface Source {
  resource: TemplateResource;
  type: SourceType;
  isOn: boolean;
}

const mappingSource: SourceType = {
  type: mappingType,
  functions: ({ FunctionName }) => [FunctionName],
  switch: { property: "Enabled", off: "false" },
};

const ruleSource: SourceType = {
  type: ruleType,
  functions: ({ Targets }) => targetsIn(Targets),
  switch: { property: "State", off: "DISABLED" },
};

const sourceTypes: readonly SourceType[] = [
  mappingSource,
  { type: "AWS::SNS::Subscription", functions: ({ Endpoint }) => [Endpoint], switch: null },
  {
    type: "AWS::SNS::Topic",
    functions: ({ Subscription }) => [Subscription ?? []].flat().map((each) => valueAt(each, "Endpoint")),
    switch: null,
  },
  ruleSource,
  { type: urlType, functions: ({ TargetFunctionArn }) => [TargetFunctionArn], switch: null },
];

/** Variables that the consumer cannot work without when events reach it in this way. */
const variablesOfSources: readonly {
  needs: readonly string[];
  why: string;
  isSo(source: TemplateResource): boolean;
}[] = [
  {
    needs: ["URL_KEY"],
    why: "so that it refuses every request to its URL: set it to a parameter UrlKey with NoEcho, which throttle-bench fills in, and let an AWS::Events::Connection send it as x-throttle-bench-key",
    isSo: ({ type }) => type === urlType,
  },
  {
    needs: ["QUEUE_URL", "PULL_COUNT"],
    why: "without which it does not know what to take from which queue when the schedule invokes it: add them, as `throttle-bench show scheduled-pull --template` has them, or leave the schedule out",
    isSo: ({ type, properties }) => type === ruleType && properties.ScheduleExpression !== undefined,
  },
];

/** The places of the templates that name where an event ends that is given up; `*` is every item of a list. */
const deadLetterPlaces: readonly [type: string, ...path: string[]][] = [
  [queueType, "RedrivePolicy", "deadLetterTargetArn"],
  ["AWS::SNS::Subscription", "RedrivePolicy", "deadLetterTargetArn"],
  [functionType, "DeadLetterConfig", "TargetArn"],
  ["AWS::Lambda::EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"],
  [mappingType, "DestinationConfig", "OnFailure", "Destination"],
  [ruleType, "Targets", "*", "DeadLetterConfig", "Arn"],
];

/** The outputs that name queues; the harness reads the reports, for which it needs the queue's URL. */
const queueOutputs = ["ProducerReports", "Queue", "DeadLetterQueue"] as const;

/** Resources that name others and send them nothing. */
const onlooker = /^AWS::(IAM|Logs|CloudWatch)::/;
/** The same of those that name a function. */
const besideFunction = /^AWS::Lambda::(Permission|EventInvokeConfig|Function)$/;

/** Every breach of the contract by a run with these settings. */
export function contractFaults({ template }: Scenario, settings: Settings): Fault[] {
  return [...new Contract(effectiveTemplate(template, settings)).faults()];
}

/** The faults that an account alone would have with the functions that get throttle-bench's code: the model runs it whatever they declare. */
export function codeFaults({ template }: Scenario, settings: Settings): Fault[] {
  return new Contract(effectiveTemplate(template, settings)).coded.flatMap((fn) => {
    const { Runtime, PackageType } = fn.properties;
    const cure = "throttle-bench uploads its own code, a zip for Node.js, so";
    const ofRuntime = { path: pathTo(fn, "Runtime"), message: `${cure} write Runtime: nodejs22.x for ${fn.logicalId}` };
    const ofPackage = {
      path: pathTo(fn, "PackageType"),
      message: `${cure} remove PackageType: Image of ${fn.logicalId}`,
    };
    const isForeign = typeof Runtime === "string" && !Runtime.startsWith("nodejs");
    return [...(isForeign ? [ofRuntime] : []), ...(PackageType === "Image" ? [ofPackage] : [])];
  });
}

/** The resources that an account alone would keep after the run, when throttle-bench has deleted their stack. */
export function keptFaults({ template }: Scenario, settings: Settings): Fault[] {
  return effectiveTemplate(template, settings).resources.flatMap(({ logicalId, declaration: { DeletionPolicy } }) => {
    if (DeletionPolicy === undefined || DeletionPolicy === "Delete") return [];
    const policy = typeof DeletionPolicy === "string" ? `DeletionPolicy: ${DeletionPolicy}` : "its DeletionPolicy";
    const message = `${policy} would leave something of ${logicalId} on the account after the run: write DeletionPolicy: Delete`;
    return [{ path: ["Resources", logicalId, "DeletionPolicy"], message }];
  });
}

/** The functions whose declared code is of another language, or lies elsewhere, and never runs. */
export function replacedCode({ template }: Scenario, settings: Settings): string[] {
  return new Contract(effectiveTemplate(template, settings)).coded
    .filter(({ properties: { Runtime, Code } }) => {
      const isForeign = typeof Runtime === "string" && !Runtime.startsWith("nodejs");
      return isForeign || valueAt(Code, "S3Bucket") !== undefined;
    })
    .map(({ logicalId }) => logicalId);
}

class Contract {
  readonly #functions = new Map<Role, TemplateResource>();

  constructor(private readonly effective: Effective) {
    for (const role of roles) {
      const named = resourceNamed(this.#output(role.output), effective.resources);
      if (named?.type === functionType) this.#functions.set(role, named);
    }
  }

  /** The functions that get throttle-bench's code. */
  get coded(): TemplateResource[] {
    return [...this.#functions.values()];
  }

  *faults(): Iterable<Fault> {
    yield* this.#outputFaults();
    for (const [role, fn] of this.#functions) {
      yield* handlerFaults(role, fn);
      yield* variableFaults(role.handler, role.group, fn);
    }
    yield* this.#deadLetterFaults();
    yield* this.#codelessFaults();
    yield* this.#sourceFaults();
    yield* this.#sourceVariableFaults();
  }

  #output(name: string): TemplateValue | undefined {
    return this.effective.outputs.find((output) => output.name === name)?.value;
  }

  #inRole(handler: Role["handler"]): TemplateResource | undefined {
    return [...this.#functions].find(([role]) => role.handler === handler)?.[1];
  }

  #ofType(type: string): TemplateResource[] {
    return this.effective.resources.filter((each) => each.type === type);
  }

  #named(value: TemplateValue | undefined): TemplateResource | null {
    return resourceNamed(value, this.effective.resources);
  }

  *#outputFaults(): Iterable<Fault> {
    for (const role of roles) {
      const { output, meaning, isRequired } = role;
      const value = this.#output(output);
      const isThere = value !== undefined;
      // A resource whose type could not be read may be right otherwise.
      if (this.#named(value)?.type === "") continue;
      if (!isThere && isRequired) {
        const message = `the output ${output} is missing: add it, with the name or ARN of ${meaning}`;
        yield { path: ["Outputs"], message };
      } else if (isThere && !this.#functions.has(role)) {
        const message = `the output ${output} has to name an ${functionType} of the template, ${meaning}, as !Ref does`;
        yield { path: ["Outputs", output, "Value"], message };
      }
    }
    for (const output of queueOutputs) {
      const value = this.#output(output);
      const queue = this.#named(value);
      if (value === undefined || queue === null) continue;
      const path = ["Outputs", output, "Value"];
      if (queue.type !== queueType) {
        yield { path, message: `the output ${output} has to name an ${queueType}, and ${queue.logicalId} is none` };
      } else if (output === "ProducerReports" && ![null, "QueueUrl"].includes(attributeIn(value))) {
        yield { path, message: `the output ${output} has to be the queue's URL: write !Ref ${queue.logicalId}` };
      }
    }
  }

  /** A dead letter that nobody records would count as missing. */
  *#deadLetterFaults(): Iterable<Fault> {
    const recorder = this.#inRole("recorder");
    const recorded = this.#ofType(mappingType).filter(
      (mapping) =>
        isOn(mapping, mappingSource) &&
        recorder !== undefined &&
        this.#named(mapping.properties.FunctionName) === recorder,
    );
    const isRecorded = new Set(recorded.map(({ properties }) => this.#named(properties.EventSourceArn)));
    const told = new Set<TemplateResource>();
    for (const { owner, path, target } of this.#deadLetterTargets()) {
      const queue = this.#named(target);
      if (queue?.type !== queueType || isRecorded.has(queue) || told.has(queue)) continue;
      told.add(queue);
      const message = `the events that ${owner.logicalId} gives up go to ${queue.logicalId}, and no enabled event source mapping takes them to the recorder: add one from ${queue.logicalId} to the function of the output DeadLetterRecorderFunction, or they count as missing`;
      yield { path, message };
    }
  }

  /** Where events of the burst end that are given up; the producer's own invocations are none. */
  *#deadLetterTargets(): Iterable<{ owner: TemplateResource; path: TemplatePath; target: TemplateValue }> {
    const producer = this.#inRole("producer");
    for (const [type, ...keys] of deadLetterPlaces) {
      for (const owner of this.#ofType(type)) {
        const isProducers = owner === producer || this.#named(owner.properties.FunctionName) === producer;
        if (producer !== undefined && isProducers) continue;
        for (const [path, target] of valuesAt(owner.properties, keys)) {
          yield { owner, path: ["Resources", owner.logicalId, "Properties", ...path], target };
        }
      }
    }
  }

  /** A function that gets events and none of the harness's code would lose them, or count for another. */
  *#codelessFaults(): Iterable<Fault> {
    const withCode = new Set(this.#functions.values());
    // As long as an output names no function, nobody knows which ones get code.
    if (roles.some((role) => (role.isRequired || this.#output(role.output)) && !this.#functions.has(role))) return;
    for (const fn of this.#ofType(functionType)) {
      const [source] = withCode.has(fn) ? [] : this.#sourcesOf(fn);
      if (source === undefined) continue;
      const outputs = roles.map(({ output }) => output).join(", ");
      const message = `${fn.logicalId} gets events by ${source.resource.logicalId} and no code, because throttle-bench uploads it to the functions of the outputs ${outputs} alone: remove ${fn.logicalId}, or measure it in a template of its own`;
      yield { path: ["Resources", fn.logicalId], message };
    }
  }

  *#sourceFaults(): Iterable<Fault> {
    const consumer = this.#inRole("consumer");
    if (consumer === undefined) return;
    const sources = this.#sourcesOf(consumer).flatMap((source) => this.#gatesOf(source));
    if (sources.some(({ isOn }) => isOn)) return;
    for (const { resource, type } of sources) {
      const { property, off } = type.switch!;
      const message = `${resource.logicalId} is disabled, so that no event reaches ${consumer.logicalId}: remove ${property}: ${off}`;
      yield { path: pathTo(resource, property), message };
    }
    const others = this.effective.resources.filter(
      ({ type, properties }) => !onlooker.test(type) && !besideFunction.test(type) && refersTo(properties, consumer),
    );
    if (sources.length > 0 || others.length > 0) return;
    const message = `nothing invokes ${consumer.logicalId}: add an event source mapping or a subscription that does`;
    yield { path: ["Resources", consumer.logicalId], message };
  }

  *#sourceVariableFaults(): Iterable<Fault> {
    const consumer = this.#inRole("consumer");
    if (consumer === undefined) return;
    const path = pathTo(consumer, "Environment", "Variables");
    const variables = valueAt(consumer.properties, "Environment", "Variables") ?? {};
    const sources = this.#sourcesOf(consumer).map(({ resource }) => resource);
    for (const { needs, why, isSo } of variablesOfSources) {
      const source = sources.find(isSo);
      const missing = needs.filter((name) => (variables as TemplateMap)[name] === undefined);
      if (source === undefined || missing.length === 0) continue;
      const message = `${source.logicalId} invokes ${consumer.logicalId}, whose environment lacks ${missing.join(" and ")}, ${why}`;
      yield { path, message };
    }
  }

  /** The switches on the way of a source's events: those of the rules that alone feed it, or its own. */
  #gatesOf(source: Source): Source[] {
    // A source that is off is so whatever comes before it.
    if (!source.isOn) return [source];
    const rules = this.#rulesBefore(source).map((resource) => ({
      resource,
      type: ruleSource,
      isOn: isOn(resource, ruleSource),
    }));
    return rules.length === 0 ? [source] : rules;
  }

  /** For a URL the rules whose API destination it is, for a mapping those that put events into its queue; none where others do, too. */
  #rulesBefore({ resource, type }: Source): TemplateResource[] {
    if (resource.type === urlType) {
      const destinations = this.#ofType("AWS::Events::ApiDestination").filter(
        ({ properties }) => this.#named(properties.InvocationEndpoint) === resource,
      );
      return this.#rulesTo(destinations);
    }
    const queue = type === mappingSource ? this.#named(resource.properties.EventSourceArn) : null;
    if (queue?.type !== queueType || this.#isFedBeside(queue)) return [];
    return this.#rulesTo([queue]);
  }

  #rulesTo(targets: readonly TemplateResource[]): TemplateResource[] {
    return this.#ofType(ruleType).filter(({ properties }) =>
      targetsIn(properties.Targets).some((value) => targets.some((each) => each === this.#named(value))),
    );
  }

  /** Whatever else names the queue may send to it, but for what takes from it, and for the policies that allow it. */
  #isFedBeside(queue: TemplateResource): boolean {
    const takers = new Set([queue, this.#inRole("consumer"), this.#inRole("recorder")]);
    return this.effective.resources.some(
      (each) =>
        ![ruleType, mappingType, "AWS::SQS::QueuePolicy"].includes(each.type) &&
        !onlooker.test(each.type) &&
        !takers.has(each) &&
        refersTo(each.properties, queue),
    );
  }

  /** Everything by which events reach a function. */
  #sourcesOf(fn: TemplateResource): Source[] {
    return sourceTypes.flatMap((type) =>
      this.#ofType(type.type)
        .filter(({ properties }) => type.functions(properties).some((value) => this.#named(value) === fn))
        .map((resource) => ({ resource, type, isOn: isOn(resource, type) })),
    );
  }
}

/** The values at a path, each with the keys and indices that lead to it. */
function* valuesAt(
  value: TemplateValue | undefined,
  [key, ...rest]: readonly string[],
  at: TemplatePath = [],
): Iterable<[TemplatePath, TemplateValue]> {
  if (value === undefined) return;
  if (key === undefined) yield [at, value];
  else if (key !== "*") yield* valuesAt(valueAt(value, key), rest, [...at, key]);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* valuesAt(item, rest, [...at, index]);
  }
}

function targetsIn(targets: TemplateValue | undefined): (TemplateValue | undefined)[] {
  return [targets ?? []].flat().map((each) => valueAt(each, "Arn"));
}

function* handlerFaults({ handler }: Role, fn: TemplateResource): Iterable<Fault> {
  const { Handler } = fn.properties;
  const wanted = `${handler}.handler`;
  if (Handler === wanted || typeof Handler === "object") return;
  const is = Handler === undefined ? "is missing" : `is ${Handler}`;
  const message = `the Handler of ${fn.logicalId} ${is}: throttle-bench uploads its own code, so write Handler: ${wanted}`;
  yield { path: pathTo(fn, "Handler"), message };
}

/** A source is on unless it says that it is not. */
function isOn({ properties }: TemplateResource, type: SourceType): boolean {
  const value = type.switch === null ? undefined : properties[type.switch.property];
  return value === undefined || String(value).toLowerCase() !== type.switch!.off.toLowerCase();
}

/** The attribute that a value asks a resource for; null: it is a Ref. */
function attributeIn(value: TemplateValue): string | null {
  const attribute = valueAt(value, "Fn::GetAtt");
  return Array.isArray(attribute) && typeof attribute[1] === "string" ? attribute[1] : null;
}

function pathTo({ logicalId }: TemplateResource, ...keys: string[]): TemplatePath {
  return ["Resources", logicalId, "Properties", ...keys];
}
