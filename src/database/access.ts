/** Functions reach a database by the harness's URL. The files that the URL names travel with their code. */
import { BenchError, messageOf } from "../errors.ts";
import { mostBytesOfText, readUserFile } from "../files/user-file.ts";

export interface VpcConfig {
  subnetIds: string[];
  securityGroupIds: string[];
}

export interface FunctionAccess {
  /** Never to be printed: it holds the password. */
  url: string;
  /** Contents by file name, for the root of the functions' code. */
  files: Readonly<Record<string, Uint8Array>>;
  /** The network in which the functions run; null: none of the account's. */
  vpc: VpcConfig | null;
}

/** Lambda unpacks the code here: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (LAMBDA_TASK_ROOT) */
const codeFolder = "/var/task";

/** Parameters of a URL that name files. https://www.postgresql.org/docs/current/libpq-connect.html */
const fileParameters = {
  sslrootcert: "database-ca.pem",
  sslcert: "database-client.pem",
  sslkey: "database-client.key",
};

/** Throws BenchError `bad-usage` for a file that cannot be read. A malformed URL is passed on, because connecting with it tells. */
export async function functionAccess(databaseUrl: string, vpc: VpcConfig | null): Promise<FunctionAccess> {
  if (!URL.canParse(databaseUrl)) return { url: databaseUrl, files: {}, vpc };
  const url = new URL(databaseUrl);
  const files: Record<string, Uint8Array> = {};
  for (const [parameter, name] of Object.entries(fileParameters)) {
    const path = url.searchParams.get(parameter);
    if (path === null) continue;
    try {
      files[name] = readUserFile(path, mostBytesOfText);
    } catch (cause) {
      throw new BenchError(
        "bad-usage",
        `The database URL's ${parameter} ${path} cannot be read (${messageOf(cause)}); name a PEM file that is there.`,
        { cause },
      );
    }
    url.searchParams.set(parameter, `${codeFolder}/${name}`);
  }
  return { url: Object.keys(files).length === 0 ? databaseUrl : url.href, files, vpc };
}
