/** EC2 as far as databases and functions need a network: its parts, none of which can go while something uses it. */
import type { Account, Network, NetworkPart, NetworkUses } from "../account.ts";
import { ServiceError } from "../service-error.ts";

/** The prefix of a part's id, and the code and noun of the error for a part that is missing. */
const kinds: Record<NetworkPart, { prefix: string; notFound: string; noun: string }> = {
  vpc: { prefix: "vpc", notFound: "InvalidVpcID.NotFound", noun: "vpc ID" },
  subnet: { prefix: "subnet", notFound: "InvalidSubnetID.NotFound", noun: "subnet ID" },
  internetGateway: {
    prefix: "igw",
    notFound: "InvalidInternetGatewayID.NotFound",
    noun: "internetGateway ID",
  },
  routeTable: { prefix: "rtb", notFound: "InvalidRouteTableID.NotFound", noun: "routeTable ID" },
  securityGroup: { prefix: "sg", notFound: "InvalidGroup.NotFound", noun: "security group" },
};

export class Ec2Network implements Network {
  /** The parts that each part uses, by its id. */
  readonly #parts = new Map<string, readonly string[]>();
  /** The parts that each user has joined, by the user's name, such as a function's ARN. */
  readonly #users = new Map<string, readonly string[]>();

  constructor(private readonly account: Account) {}

  create(kind: NetworkPart, uses: NetworkUses = {}): string {
    const used = this.#existing(uses);
    const random = this.account.kernel.random("ec2");
    const digits = Array.from({ length: 17 }, () => random.below(16).toString(16)).join("");
    const id = `${kinds[kind].prefix}-${digits}`;
    this.#parts.set(id, used);
    return id;
  }

  delete(id: string): void {
    const isUsed = [...this.#parts.values(), ...this.#users.values()].some((used) => used.includes(id));
    if (isUsed) throw new ServiceError("DependencyViolation", `resource ${id} has a dependent object`);
    this.#parts.delete(id);
  }

  attach(user: string, uses: NetworkUses): void {
    this.#users.set(user, this.#existing(uses));
  }

  detach(user: string): void {
    this.#users.delete(user);
  }

  #existing(uses: NetworkUses): string[] {
    return Object.entries(uses).flatMap(([kind, ids]) => {
      const { notFound, noun } = kinds[kind as NetworkPart];
      for (const id of ids) {
        if (!this.#parts.has(id)) throw new ServiceError(notFound, `The ${noun} '${id}' does not exist`);
      }
      return ids;
    });
  }
}
