import { detectAll } from 'jschardet';
import type { EncodingGuess } from '../../contracts/entities/file-metadata.ts';
import { markedEncoding, unmarkedUtf16 } from '../../contracts/values/byte-order-marks.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { standardName } from './encoding-name.ts';
import type { Fingerprint } from './fingerprint.ts';

/** The default: by far the most frequent encoding other than UTF-8. */
const WESTERN = 'windows-1252';
/** Below this confidence a guess is uncertain if the words alone give another encoding (docs/adr/0027-encodings-are-guessed-by-lines.md). */
const DOUBTED = 0.2;
const MAX_ALTERNATIVES = 4;
const EXCERPT = 60;

export interface DetectedEncoding {
  readonly encoding: string;
  /** Other likely encodings, if the guess is uncertain. */
  readonly guess?: EncodingGuess;
}

/**
 * UTF-8 if it is valid, UTF-16 if there is a byte order mark or every second byte is zero, else the best guess (jschardet).
 * @throws Unreadable for bytes that are not text in any encoding
 */
export function detectEncoding(print: Fingerprint): DetectedEncoding {
  const marked = markedEncoding(print.head) ?? (print.hasNul ? unmarkedUtf16(print.head) : undefined);
  if (marked !== undefined && marked !== 'utf-8') return { encoding: marked };
  if (print.hasNul) throw new Unreadable('The file is binary data, not text.');
  if (print.isUtf8) return { encoding: 'utf-8' };
  if (controlShare(print.sample) > 0.005) throw new Unreadable('The file is binary data, not text.');
  return guessed(print.sample);
}

/**
 * Runs the detector twice: on the lines with non-ASCII characters, and on the non-ASCII words only, since English around a
 * few words of another language hides it. If the results differ as texts and neither is certain, the owner has to choose.
 */
function guessed(sample: Buffer): DetectedEncoding {
  const lines = candidates(partsWithin(sample, isLineEnd));
  const words = candidates(partsWithin(sample, (byte) => isLineEnd(byte) || SEPARATORS.has(byte)));
  const [best = { encoding: WESTERN, confidence: 0 }] = lines;
  const other = words[0] ?? best;
  const sure = best.confidence >= DOUBTED || textIn(sample, other.encoding) === textIn(sample, best.encoding);
  if (sure) return { encoding: preferred(sample, best.encoding) };
  const all = [best, other, ...lines, ...words, { encoding: WESTERN, confidence: 0 }];
  return { encoding: best.encoding, guess: { alternatives: alternatives(sample, all) } };
}

/** The most frequent of the encodings in which the bytes are the same text. */
const preferred = (sample: Buffer, encoding: string): string =>
  textIn(sample, encoding) === textIn(sample, WESTERN) ? WESTERN : encoding;

interface Candidate {
  readonly encoding: string;
  readonly confidence: number;
}

const candidates = (bytes: Buffer): Candidate[] =>
  detectAll(bytes, { minimumThreshold: 0 }).flatMap(({ encoding: label, confidence }) => {
    const encoding = label === null ? undefined : standardName(label);
    return encoding === undefined || encoding.startsWith('utf') ? [] : [{ encoding, confidence }];
  });

/** The first non-ASCII words in each encoding; encodings with equal words are merged. */
function alternatives(sample: Buffer, all: readonly Candidate[]): EncodingGuess['alternatives'] {
  const words = partsWithin(sample, (byte) => isLineEnd(byte) || SEPARATORS.has(byte)).subarray(0, EXCERPT);
  const excerpts = new Map<string, string>();
  for (const { encoding } of all) {
    const excerpt = textIn(words, encoding).slice(0, EXCERPT).toWellFormed();
    if (![...excerpts.values()].includes(excerpt)) excerpts.set(encoding, excerpt);
  }
  return [...excerpts].slice(0, MAX_ALTERNATIVES).map(([encoding, excerpt]) => ({ encoding, excerpt }));
}

const textIn = (bytes: Buffer, encoding: string): string => new TextDecoder(encoding).decode(bytes);

const isLineEnd = (byte: number): boolean => byte === 10 || byte === 13;
const SEPARATORS = new Set([...' \t,;"'].map((char) => char.charCodeAt(0)));

/** The parts of a sample with non-ASCII bytes, each followed by a line end. */
function partsWithin(sample: Buffer, separates: (byte: number) => boolean): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = 0; at <= sample.length; at++) {
    if (at < sample.length && !separates(sample[at]!)) continue;
    const part = sample.subarray(start, at);
    if (part.some((byte) => byte >= 0x80)) parts.push(part, Buffer.from('\n'));
    start = at + 1;
  }
  return Buffer.concat(parts);
}

/** Share of control characters, which texts do not contain. */
function controlShare(sample: Buffer): number {
  let controls = 0;
  for (const byte of sample) {
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  }
  return controls / Math.max(sample.length, 1);
}
