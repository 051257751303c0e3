import { createHash } from 'node:crypto';
import type { ItemPayload } from '../../../contracts/serving/invocation.ts';
import { canonicalJson, plainText } from '../../shared/ids.ts';

/** Share of a family that no version is ever trained on, and of the rest the share that measures a candidate. */
export const RESERVOIR_SHARE = 0.1;
export const VALIDATION_SHARE = 0.2;
export const MOST_IN_RESERVOIR = 1000;

export type Split = 'train' | 'validation' | 'reservoir';

const plain = (value: unknown): unknown => (typeof value === 'string' ? plainText(value) : value);

/**
 * What an outcome is about, as 32 bytes of hash: the family (it holds the kind of question) and the item's fields and
 * media, apart from case and white space. Outcomes that share it are twins, whatever task they came with.
 */
export function contentHash(family: string, item: Pick<ItemPayload, 'fields' | 'media'>): Buffer {
  const fields = Object.entries(item.fields).map(([name, value]) => [name, plain(value)]);
  const media = Object.entries(item.media ?? {}).map(([name, medium]) => [name, medium.sha256]);
  const identity = canonicalJson([family, Object.fromEntries(fields), Object.fromEntries(media)]);
  return createHash('sha256').update(identity).digest();
}

/** A number from 0 to 1 of four bytes of a hash. */
const uniform = (hash: Buffer, at: number): number => hash.readUInt32BE(at) / 2 ** 32;

/** Whether this content belongs to the reservoir of its family, as long as that has room. */
export const isReserved = (hash: Buffer): boolean => uniform(hash, 0) < RESERVOIR_SHARE;

/** Where everything else goes. By its content alone: neither an outcome nor its twin ever changes sides. */
export const sideOf = (hash: Buffer): 'train' | 'validation' =>
  uniform(hash, 4) < VALIDATION_SHARE ? 'validation' : 'train';
