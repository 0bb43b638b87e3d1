/** CloudWatch log groups, as templates declare them. */
import { integer, only, text } from "../template/properties.ts";
import { resourceType, takes } from "../template/resource-type.ts";
import { LogGroups } from "./groups.ts";

const logGroup = resourceType(
  "AWS::Logs::LogGroup",
  { LogGroupName: text, RetentionInDays: integer, LogGroupClass: only("STANDARD") },
  {
    inert: ["FieldIndexPolicies", "KmsKeyId", "Tags"],
    attributes: ["Arn"],
    creationMs: takes(3, [1, 15], "two calls that take effect at once"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const groups = account.service(LogGroups);
      const name = properties.LogGroupName ?? generatedName(account.constants["logs.maximumNameCharacters"]);
      const { arn } = groups.create(name);
      return { physicalId: name, attributes: { Arn: arn }, delete: () => groups.delete(name) };
    },
  },
);

export const logsTypes = [logGroup];
