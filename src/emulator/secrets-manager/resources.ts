/** Secrets as templates declare them. */
import { objectIn } from "../api/json.ts";
import { ServiceError } from "../service-error.ts";
import { flag, integer, object, required, text } from "../template/properties.ts";
import { resourceType, takes } from "../template/resource-type.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html */
const secret = resourceType(
  "AWS::SecretsManager::Secret",
  {
    Name: text,
    GenerateSecretString: required(
      object({
        SecretStringTemplate: required(text),
        GenerateStringKey: required(text),
        PasswordLength: integer,
        ExcludePunctuation: flag,
      }),
    ),
  },
  {
    inert: ["Description", "Tags"],
    attributes: ["Id"],
    creationMs: takes(7, [2, 30], "a password, the secret, and a look whether it can be seen"),
    deletionMs: takes(7, [2, 30], "one call, and a look whether it is gone"),
    create({ account: { secrets, constants }, properties, generatedName }) {
      const { SecretStringTemplate, GenerateStringKey, PasswordLength, ExcludePunctuation } =
        properties.GenerateSecretString;
      const length = PasswordLength ?? constants["secretsmanager.defaultPasswordLength"];
      const password = secrets.randomPassword(length, ExcludePunctuation ?? false);
      const value = { ...templateIn(SecretStringTemplate), [GenerateStringKey]: password };
      const created = secrets.create(
        properties.Name ?? generatedName(constants["secretsmanager.maximumNameCharacters"]),
        JSON.stringify(value),
      );
      return {
        physicalId: created.arn,
        attributes: { Id: created.arn },
        delete: () => secrets.delete(created.arn),
      };
    },
  },
);

function templateIn(json: string): object {
  const template = objectIn(json);
  if (template === undefined) throw new ServiceError("InvalidRequest", "SecretStringTemplate is not a JSON object");
  return template;
}

export const secretsManagerTypes = [secret];
