/** STS's API, as far as a client asks who it is. https://docs.aws.amazon.com/STS/latest/APIReference/ */
import * as z from "zod";
import { type Api, operation } from "../api/operation.ts";

const operations: Api["operations"] = {
  GetCallerIdentity: operation(z.strictObject({}), ({ accountId, iam }) => ({
    UserId: accountId,
    Account: accountId,
    Arn: iam.caller.arn,
  })),
};

export const stsApi: Api = {
  name: "STS",
  signingName: "sts",
  version: "2011-06-15",
  targetPrefix: "AWSSecurityTokenServiceV20110615",
  xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  inputErrors: { missing: "ValidationError", invalid: "ValidationError" },
  operations,
};
