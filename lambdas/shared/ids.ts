import { createHash } from 'node:crypto';
import { stringify, v7 } from 'uuid';

/** A new id, ordered by time (RFC 9562, version 7). */
export const newId = (): string => v7();

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Deterministic id of some parts (RFC 9562, version 8: SHA-256 of the parts). */
export function idFrom(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return stringify(bytes);
}

/** Normal form of a text that ignores case, white space and compatibility variants of characters. */
export const plainText = (text: string): string =>
  text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** JSON with sorted keys, so that equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
