/** Secrets Manager's API, as far as a secret is read. https://docs.aws.amazon.com/secretsmanager/latest/apireference/ */
import { z } from "zod";
import type { Account, Secret } from "../account.ts";
import { type Api, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";

const operations: Api["operations"] = {
  GetSecretValue: operation(
    z.strictObject({ SecretId: z.string(), VersionStage: z.literal("AWSCURRENT").optional() }),
    (account, { SecretId }) => {
      const { arn, name, value, versionId, createdAt } = existing(account, SecretId);
      return {
        ARN: arn,
        Name: name,
        VersionId: versionId,
        VersionStages: ["AWSCURRENT"],
        SecretString: value,
        CreatedDate: new Date(createdAt),
      };
    },
  ),
};

function existing({ secrets }: Account, id: string): Secret {
  const secret = secrets.secret(id);
  if (secret) return secret;
  throw new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

export const secretsManagerApi: Api = {
  name: "Secrets Manager",
  signingName: "secretsmanager",
  version: "2017-10-17",
  targetPrefix: "secretsmanager",
  inputErrors: { missing: "InvalidParameterException", invalid: "InvalidParameterException" },
  operations,
};
