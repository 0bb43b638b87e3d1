/** Secrets Manager as far as templates and their readers need it: secrets by name and ARN. */
import type { Account, Secret, Secrets } from "../account.ts";
import { ServiceError } from "../service-error.ts";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const characters = `${letters}0123456789`;
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export class SecretsManager implements Secrets {
  readonly #secrets = new Map<string, Secret>();

  constructor(private readonly account: Account) {}

  create(name: string, value: string): Secret {
    const { kernel, region, accountId } = this.account;
    if (this.#find(name)) {
      throw new ServiceError(
        "ResourceExistsException",
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const random = kernel.random("secretsmanager");
    const suffix = Array.from({ length: 6 }, () => letters[random.below(letters.length)]).join("");
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
    const secret: Secret = { arn, name, value, versionId: random.uuid(), createdAt: kernel.now };
    this.#secrets.set(arn, secret);
    return secret;
  }

  delete(arn: string): void {
    this.#secrets.delete(arn);
  }

  secret(nameOrArn: string): Secret {
    const secret = this.#find(nameOrArn);
    if (secret) return secret;
    throw new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  #find(nameOrArn: string): Secret | undefined {
    return this.#secrets.get(nameOrArn) ?? [...this.#secrets.values()].find(({ name }) => name === nameOrArn);
  }

  randomPassword(length: number, excludePunctuation: boolean): string {
    const { kernel, constants } = this.account;
    const longest = constants["secretsmanager.maximumPasswordLength"];
    if (!(length >= 1 && length <= longest)) {
      throw new ServiceError("InvalidParameterException", `The password length must be between 1 and ${longest}.`);
    }
    const random = kernel.random("secretsmanager");
    const allowed = excludePunctuation ? characters : characters + punctuation;
    return Array.from({ length }, () => allowed[random.below(allowed.length)]).join("");
  }
}
