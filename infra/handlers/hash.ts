/** Numbers that look drawn and are always the same for an event, on AWS and in the model, and after a redelivery. */

/** One for each thing that an event's number decides, so that one decision says nothing about another. */
const purposes = { poison: 0x706f6973, slowness: 0x736c6f77, noise: 0x6e6f6973 } as const;

/** A share from 0 to 1, 1 excluded: the finalizer of MurmurHash3, over the event's number and the purpose. */
export function shareOf(id: number, purpose: keyof typeof purposes): number {
  let bits = id ^ purposes[purpose];
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
