import chardet from 'chardet';
import { Unreadable } from '../shared/tables/unreadable.ts';
import type { Fingerprint } from './fingerprint.ts';

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Below this, a guess is no better than Western European, which is by far the most frequent. */
const SURE = 50;
const WESTERN = 'windows-1252';

/** Encoding by byte order mark. */
export const markedEncoding = (head: Buffer): string | undefined =>
  MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte))?.[0];

/** Name in the WHATWG Encoding Standard, which is what `TextDecoder` reads; undefined where it has none. */
function standardName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/**
 * UTF-8 where it is valid, UTF-16 where it is marked, else the best guess (chardet) over the first bytes beyond ASCII.
 * @throws Unreadable for bytes that are no text in any encoding
 */
export function detectEncoding(print: Fingerprint): string {
  const marked = markedEncoding(print.head);
  if (marked !== undefined && marked !== 'utf-8') return marked;
  if (print.hasNul) throw new Unreadable('The file is binary data, not text.');
  if (print.isUtf8) return 'utf-8';
  if (controlShare(print.sample) > 0.005) throw new Unreadable('The file is binary data, not text.');
  const guess = chardet
    .analyse(print.sample)
    .filter(({ name }) => !/^(UTF|ASCII)/.test(name))
    .map(({ name, confidence }) => ({ name: standardName(name), confidence }))
    .find(({ name }) => name !== undefined);
  return guess?.name !== undefined && guess.confidence >= SURE ? guess.name : WESTERN;
}

/** Share of control characters that no text has. */
function controlShare(sample: Buffer): number {
  let controls = 0;
  for (const byte of sample) {
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  }
  return controls / Math.max(sample.length, 1);
}
