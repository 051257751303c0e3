import { createHash } from 'node:crypto';
import type { ItemPayload } from '../../../contracts/serving/invocation.ts';
import { canonicalJson, plainText } from '../../shared/ids.ts';

/** Share of a family's contents that no version is ever trained on, so that all versions can be compared on it. */
export const RESERVOIR_SHARE = 0.1;
/** Share of the other contents that measures the candidate of a run. */
export const VALIDATION_SHARE = 0.2;
/** Per family. */
export const MAX_RESERVOIR = 1000;

export type Split = 'train' | 'validation' | 'reservoir';

const plain = (value: unknown): unknown => (typeof value === 'string' ? plainText(value) : value);

/**
 * SHA-256 of the content of an outcome: its family (which includes the kind of question) and the item's fields and media,
 * ignoring case and white space. Outcomes with equal hashes are duplicates, whatever task they came from.
 */
export function contentHash(family: string, item: Pick<ItemPayload, 'fields' | 'media'>): Buffer {
  const fields = Object.entries(item.fields).map(([name, value]) => [name, plain(value)]);
  const media = Object.entries(item.media ?? {}).map(([name, medium]) => [name, medium.sha256]);
  const identity = canonicalJson([family, Object.fromEntries(fields), Object.fromEntries(media)]);
  return createHash('sha256').update(identity).digest();
}

/** Uniform in [0, 1), from the four bytes of a hash at `offset`. */
const uniform = (hash: Buffer, offset: number): number => hash.readUInt32BE(offset) / 2 ** 32;

/** Whether this content belongs to the reservoir of its family, unless that is full. */
export const isReserved = (hash: Buffer): boolean => uniform(hash, 0) < RESERVOIR_SHARE;

/** The split of a content outside the reservoir. Depends on the content only, so duplicates never end up in both splits. */
export const splitOf = (hash: Buffer): 'train' | 'validation' =>
  uniform(hash, 4) < VALIDATION_SHARE ? 'validation' : 'train';
