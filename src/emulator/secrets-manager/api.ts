/** Secrets Manager's API, as far as a secret is read. https://docs.aws.amazon.com/secretsmanager/latest/apireference/ */
import * as z from "zod";
import { type Api, operation } from "../api/operation.ts";

const operations: Api["operations"] = {
  GetSecretValue: operation(
    z.strictObject({ SecretId: z.string(), VersionStage: z.literal("AWSCURRENT").optional() }),
    ({ secrets }, { SecretId }) => {
      const { arn, name, value, versionId, createdAt } = secrets.secret(SecretId);
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

export const secretsManagerApi: Api = {
  name: "Secrets Manager",
  signingName: "secretsmanager",
  version: "2017-10-17",
  targetPrefix: "secretsmanager",
  inputErrors: { missing: "InvalidParameterException", invalid: "InvalidParameterException" },
  operations,
};
