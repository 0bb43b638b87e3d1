/** The formats that a system is read from. */
import { BenchError } from "../../errors.ts";
import { TemplateError } from "../../template/template.ts";
import type { Format, System, SystemSource } from "../system.ts";
import { cdk, cloudFormation } from "./cloudformation.ts";
import { readDocument } from "./document.ts";
import { commentLine } from "./json-comments.ts";
import { sam } from "./sam/sam.ts";
import { serverlessFramework } from "./serverless/serverless.ts";
import { terraform } from "./terraform/terraform.ts";
import { wayIn } from "./ways-in.ts";

/** Each recognizes its own files, so that their order decides nothing. */
export const formats: readonly Format[] = [cloudFormation, cdk, sam, serverlessFramework, terraform];

/**
 * Somebody's system, from whichever format the file is in.
 * @throws BenchError `bad-template` with file, line and what to do; for a file of another kind, with the way in
 */
export function readSystem(source: SystemSource): System {
  const { file } = source;
  const byName = wayIn(file, null);
  if (byName !== null) throw new BenchError("bad-template", byName);
  const commented = commentLine(source.text);
  if (commented !== null) {
    throw new BenchError(
      "bad-template",
      `${file}, line ${commented}: a comment stands here, and JSON has none; take out all that begin with // or /*.`,
    );
  }
  try {
    const { root } = readDocument(source);
    const format = formats.find((each) => each.recognizes(root));
    if (format !== undefined) return format.read(source);
    const known = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(formats.map(({ name }) => name));
    throw new BenchError(
      "bad-template",
      wayIn(file, root) ?? `${file} is none of the files that a system is read from: ${known}; check the path.`,
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new BenchError("bad-template", error.sentence, { cause: error, isList: true });
  }
}
