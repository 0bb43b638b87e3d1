/** The address blocks that `Fn::Cidr` makes of one. */

/** The most that it gives. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html */
const mostBlocks = 256;

/** `subnetBits`: the bits of an address that are left for hosts; null: as many as there are in the block's `/24`. The text says what is wrong. */
export function cidrBlocks(block: string, count: number, subnetBits: number | null): string[] | string {
  const [, address = "", prefix = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(block) ?? [];
  const parts = address.split(".").map(Number);
  const length = Number(prefix);
  if (parts.length !== 4 || parts.some((part) => part > 255) || length > 32)
    return `takes an IPv4 block such as 10.0.0.0/16, not ${block}`;
  if (!(Number.isInteger(count) && count >= 1 && count <= mostBlocks))
    return `gives 1 to ${mostBlocks} blocks, not ${count}`;
  const bits = subnetBits ?? 8;
  if (!(Number.isInteger(bits) && bits >= 1 && bits <= 32 - length))
    return `takes 1 to ${32 - length} bits in ${block}, not ${bits}`;
  if (count * 2 ** bits > 2 ** (32 - length)) return `cannot make ${count} blocks of ${bits} bits in ${block}`;
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  const start = first - (first % 2 ** (32 - length));
  return Array.from({ length: count }, (_, index) => `${dotted(start + index * 2 ** bits)}/${32 - bits}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
