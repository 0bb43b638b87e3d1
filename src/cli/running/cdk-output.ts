/** The stacks in the directory that `cdk synth` writes, those of its stages as well. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { mostBytesOfPlan, parseJson, readUserText } from "../../files/user-file.ts";

export interface CdkStack {
  /** as CDK calls it, such as `Prod/Workers` */
  name: string;
  /** its template */
  file: string;
}

interface Artifact {
  type?: unknown;
  displayName?: unknown;
  properties?: { templateFile?: unknown; directoryName?: unknown };
}

/** No app nests its stages so deeply, and a directory that names itself has to end. */
const mostNested = 16;

/**
 * By the manifest; where there is none, every template of the directory. Empty: it is none of CDK's.
 * https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
 */
export function cdkStacksIn(directory: string, nested = 0): CdkStack[] {
  const artifacts = artifactsIn(directory);
  if (artifacts === null) {
    const templates = readdirSync(directory).filter((name) => /(?<!\.nested)\.template\.json$/.test(name));
    return templates.map((name) => ({ name: name.replace(".template.json", ""), file: join(directory, name) }));
  }
  return Object.entries(artifacts).flatMap(([id, { type, displayName, properties }]): CdkStack[] => {
    const { templateFile, directoryName } = properties ?? {};
    if (type === "aws:cloudformation:stack" && typeof templateFile === "string") {
      return [{ name: typeof displayName === "string" ? displayName : id, file: join(directory, templateFile) }];
    }
    const isStage = type === "cdk:cloud-assembly" && typeof directoryName === "string" && nested < mostNested;
    const stage = isStage ? join(directory, directoryName) : null;
    return stage !== null && existsSync(stage) ? cdkStacksIn(stage, nested + 1) : [];
  });
}

/** null: there is no manifest that can be read */
function artifactsIn(directory: string): Record<string, Artifact> | null {
  const file = join(directory, "manifest.json");
  if (!existsSync(file)) return null;
  try {
    const manifest = parseJson(readUserText(file, mostBytesOfPlan)) as { artifacts?: unknown } | null;
    const artifacts = manifest?.artifacts;
    if (typeof artifacts !== "object" || artifacts === null) return null;
    const entries = Object.entries(artifacts).filter(([, each]) => typeof each === "object" && each !== null);
    return Object.fromEntries(entries) as Record<string, Artifact>;
  } catch {
    return null;
  }
}
