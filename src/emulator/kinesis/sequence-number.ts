/**
 * Sequence numbers in the layout that AWS's have: 47 hexadecimal digits, written as 56 decimal ones. It is not documented;
 * https://github.com/mhart/kinesalite has found it by asking AWS.
 */

/** The version, which is the first digit and the last. */
const version = 2n;
const secondsBits = 36n;
const indexBits = 64n;
const lowestIndexBit = 80n;
const indexMask = (1n << indexBits) - 1n;

export interface SequencePlace {
  /** When the stream was made, milliseconds. */
  createdAt: number;
  shardIndex: number;
  /** The records of the shard before this one. */
  index: number;
  /** Milliseconds. */
  arrivedAt: number;
}

export function sequenceNumberOf({ createdAt, shardIndex, index, arrivedAt }: SequencePlace): string {
  const shard = BigInt(shardIndex);
  let digits = (version << secondsBits) | secondsOf(createdAt);
  digits = (digits << 4n) | (shard & 15n);
  digits = (digits << indexBits) | BigInt(index);
  digits = (digits << 8n) << secondsBits;
  digits |= secondsOf(arrivedAt);
  digits = (digits << 32n) | shard;
  return ((digits << 4n) | version).toString();
}

/** The number of records before the one with this sequence number; null: it is no sequence number. */
export function indexIn(sequenceNumber: string): number | null {
  if (!/^\d{1,128}$/.test(sequenceNumber)) return null;
  return Number((BigInt(sequenceNumber) >> lowestIndexBit) & indexMask);
}

function secondsOf(ms: number): bigint {
  return BigInt(Math.floor(ms / 1_000));
}
