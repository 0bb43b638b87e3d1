/** Files of the Serverless Framework, as far as they are declarative: a service with its functions and their events, as CloudFormation's resources. */
import { TemplateError } from "../../../template/template.ts";
import type { Format, System, SystemSource, Unread } from "../../system.ts";
import { readDeclared } from "../cloudformation.ts";
import { readDocument } from "../document.ts";
import { cloudFormationData } from "./cloudformation-data.ts";
import { addEvents } from "./events.ts";
import { addFunction, serviceFunction } from "./functions.ts";
import { isMadeBeside } from "./logical-ids.ts";
import { addQueue, queueConstructs, queueEvent } from "./queue-constructs.ts";
import { Resources } from "./service.ts";
import { Variables } from "./variables.ts";
import { listIn, made, mapIn, merged, textIn, under, type Written, type WrittenMap, writtenAs } from "./written.ts";

export const serverlessFramework: Format = {
  name: "Serverless Framework",
  recognizes: (root) => isMap(root) && ((root.service !== undefined && root.provider !== undefined) || isCompose(root)),
  read(source) {
    const { root, places } = readDocument(source);
    const written = writtenAs(root, places);
    if (isMap(root) && isCompose(root)) refuseCompose(source, written);
    return new Service(source, written).system();
  },
};

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `serverless-compose.yml` names the folders of services. */
function isCompose({ services, provider }: Record<string, unknown>): boolean {
  if (!isMap(services) || provider !== undefined) return false;
  const all = Object.values(services);
  return all.length > 0 && all.every((each) => isMap(each) && typeof each.path === "string");
}

function refuseCompose({ file }: SystemSource, root: Written): never {
  const services = [...mapIn(under(root, "services"))!.values()];
  const paths = services.map((each) => `${textIn(under(each, "path"))}/serverless.yml`);
  throw new TemplateError(
    `${file} composes services of the Serverless Framework; give the file of one of them: ${paths.join(", ")}`,
    root.place,
  );
}

class Service {
  readonly #variables: Variables;
  readonly #provider: Written | undefined;
  readonly #resources = new Resources();
  /** functions as the user calls them, by their logical IDs */
  readonly #names = new Map<string, string>();
  readonly #unread: Unread[] = [];

  constructor(
    private readonly source: SystemSource,
    root: Written,
  ) {
    this.#variables = new Variables(root, source.parameters, source.file);
    this.#provider = this.#section("provider");
    const name = textIn(under(this.#provider, "name") ?? this.#provider);
    if (name !== "aws" && name !== null) {
      throw new TemplateError(`the service's provider is ${name}; give a service for aws`, this.#provider!.place);
    }
  }

  system(): System {
    const constructs = queueConstructs(this.#section("constructs"));
    const functions = this.#functions();
    for (const construct of constructs) {
      const { workerName, worker } = construct;
      const written = worker ?? functions.get(workerName);
      if (written === undefined) continue;
      addQueue(construct, written, this.#stackName(), this.#resources);
      const events = [...(listIn(under(written, "events")) ?? []), queueEvent(construct)];
      functions.set(workerName, merged(written, made(written.place, { events })));
    }
    for (const [name, written] of functions) {
      const fn = serviceFunction(name, written, this.#prefix());
      this.#names.set(fn.logicalId, name);
      addFunction(fn, this.#provider, this.#resources);
      addEvents(fn, this.#provider, this.#resources);
    }
    const data = cloudFormationData(this.#template());
    this.#refuseUnknownParameters(data.root);
    return readDeclared({
      ...data,
      format: "Serverless Framework",
      source: { file: this.source.file, parameters: this.#templateParameters(data.root) },
      names: this.#names,
      unread: [...this.#unread, ...data.unread],
    });
  }

  /** A section with its variables followed. */
  #section(name: string): Written | undefined {
    const written = this.#variables.at(name);
    if (written === undefined) return undefined;
    const section = this.#variables.deep(written);
    if (section.unread !== undefined) this.#unread.push({ place: section.place, path: null, message: section.unread });
    return section;
  }

  /** A section that may be a list, whose items are merged. */
  #mergedSection(name: string): Written | undefined {
    const section = this.#section(name);
    if (section === undefined) return undefined;
    let all: Written | undefined;
    for (const each of listIn(section) ?? [section]) {
      if (each.unread !== undefined && each !== section) {
        this.#unread.push({ place: each.place, path: null, message: each.unread });
      }
      if (mapIn(each) !== null) all = merged(all, each);
    }
    return all;
  }

  #functions(): Map<string, Written> {
    const functions = new Map<string, Written>();
    for (const [name, written] of mapIn(this.#mergedSection("functions")) ?? []) {
      if (written.unread !== undefined)
        this.#unread.push({ place: written.place, path: null, message: written.unread });
      if (mapIn(written) !== null) functions.set(name, written);
    }
    return functions;
  }

  /** The user's own resources go over those that the framework makes. */
  #template(): Written {
    const own = this.#mergedSection("resources");
    const place = { file: this.source.file, line: 1 };
    for (const [logicalId, declaration] of mapIn(under(own, "Resources")) ?? []) {
      this.#resources.merge(logicalId, declaration);
    }
    for (const [logicalId, extension] of mapIn(under(own, "extensions")) ?? []) this.#extend(logicalId, extension);
    const sections = ["Parameters", "Mappings", "Conditions"].flatMap((name): [string, Written][] => {
      const section = under(own, name);
      return section === undefined ? [] : [[name, section]];
    });
    const resources: Written = { place: under(own, "Resources")?.place ?? place, value: this.#resources.all() };
    return { place, value: new Map([...sections, ["Resources", resources]]) };
  }

  /** An extension's properties take the place of those that there are, each as a whole. */
  #extend(logicalId: string, extension: Written): void {
    const declaration = this.#resources.get(logicalId);
    if (mapIn(extension) === null) return;
    if (declaration === undefined || mapIn(declaration) === null) {
      if (isMadeBeside(logicalId)) return;
      const message = `${logicalId} is no resource of the service, so that it cannot be extended; check its name`;
      this.#unread.push({ place: extension.place, path: null, message });
      return;
    }
    const properties: WrittenMap = new Map([
      ...(mapIn(under(declaration, "Properties")) ?? []),
      ...(mapIn(under(extension, "Properties")) ?? []),
    ]);
    const others = [...mapIn(extension)!].filter(([key]) => key !== "Properties");
    this.#resources.replace(logicalId, {
      ...declaration,
      value: new Map([...mapIn(declaration)!, ...others, ["Properties", { ...declaration, value: properties }]]),
    });
  }

  #templateParameters(root: unknown): Record<string, string> {
    const declared = isMap(root) && isMap(root.Parameters) ? root.Parameters : {};
    const given = Object.entries(this.source.parameters).filter(([name]) => Object.hasOwn(declared, name));
    const pseudo = Object.entries(this.source.parameters).filter(([name]) => name.startsWith("AWS::"));
    return { "AWS::Region": this.#variables.region, ...Object.fromEntries([...given, ...pseudo]) };
  }

  /** A name that stands nowhere in the service's files is a slip. */
  #refuseUnknownParameters(root: unknown): void {
    const texts = [this.source.text, ...this.#variables.files.texts];
    const known = this.#templateParameters(root);
    const isKnown = (name: string) =>
      ["stage", "region"].includes(name) || Object.hasOwn(known, name) || texts.some((text) => text.includes(name));
    const unknown = Object.keys(this.source.parameters).find((name) => !isKnown(name));
    if (unknown === undefined) return;
    throw new TemplateError(
      `--parameters gives ${unknown}, which no variable of the service is called; give the name after opt:, param: or env:, or a whole variable such as ssm:/name`,
      { file: this.source.file, line: 1 },
    );
  }

  #serviceName(): string {
    const service = this.#section("service");
    return textIn(under(service, "name") ?? service) ?? "service";
  }

  #prefix(): string {
    return `${this.#serviceName()}-${this.#variables.stage}`;
  }

  #stackName(): string {
    return textIn(under(this.#provider, "stackName")) ?? this.#prefix();
  }
}
