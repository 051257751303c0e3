import type { EncodingGuess } from '../../contracts/entities/file-metadata.ts';
import { markedEncoding, unmarkedUtf16 } from '../../contracts/values/byte-order-marks.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { rankEncodings } from './encodings/rank.ts';
import type { Fingerprint } from './fingerprint.ts';

/** The default: by far the most frequent encoding other than UTF-8. */
const WESTERN = 'windows-1252';
/** A guess is certain if no other text is within this many half bits: 16 times as probable as the next. */
const CERTAIN_MARGIN = 8;
const MAX_ALTERNATIVES = 4;
const EXCERPT = 60;

export interface DetectedEncoding {
  readonly encoding: string;
  /** Other likely encodings, if the guess is uncertain. */
  readonly guess?: EncodingGuess;
}

/**
 * UTF-8 if it is valid, UTF-16 if there is a byte order mark or every second byte is zero, else the best guess.
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
 * The most probable encoding of the words with non-ASCII characters (docs/adr/0049-encodings-by-character-frequencies.md).
 * If another one gives a different text that is almost as probable, the owner has to choose.
 */
function guessed(sample: Buffer): DetectedEncoding {
  const words = wordsBeyondAscii(sample);
  const ranked = rankEncodings(words);
  const [best] = ranked;
  if (!best) return { encoding: WESTERN };
  const text = textIn(words, best.encoding);
  const encoding = text === textIn(words, WESTERN) ? WESTERN : best.encoding;
  const rival = ranked.find((candidate) => textIn(words, candidate.encoding) !== text);
  if (!rival || rival.cost - best.cost >= CERTAIN_MARGIN) return { encoding };
  return {
    encoding,
    guess: { alternatives: alternatives(words, [encoding, ...ranked.map((r) => r.encoding), WESTERN]) },
  };
}

/** The first non-ASCII words in each encoding; encodings with equal words are merged. */
function alternatives(words: Buffer, encodings: readonly string[]): EncodingGuess['alternatives'] {
  const opening = words.subarray(0, EXCERPT);
  const excerpts = new Map<string, string>();
  for (const encoding of encodings) {
    const excerpt = textIn(opening, encoding).slice(0, EXCERPT).toWellFormed();
    if (![...excerpts.values()].includes(excerpt)) excerpts.set(encoding, excerpt);
  }
  return [...excerpts].slice(0, MAX_ALTERNATIVES).map(([encoding, excerpt]) => ({ encoding, excerpt }));
}

const textIn = (bytes: Buffer, encoding: string): string => new TextDecoder(encoding).decode(bytes);

const SEPARATORS = new Set([...' \t,;"\r\n'].map((char) => char.charCodeAt(0)));

/** The words of a sample with non-ASCII bytes, each followed by a line end. English around them would hide their language. */
function wordsBeyondAscii(sample: Buffer): Buffer {
  const words: Buffer[] = [];
  let start = 0;
  for (let at = 0; at <= sample.length; at++) {
    if (at < sample.length && !SEPARATORS.has(sample[at]!)) continue;
    const word = sample.subarray(start, at);
    if (word.some((byte) => byte >= 0x80)) words.push(word, Buffer.from('\n'));
    start = at + 1;
  }
  return Buffer.concat(words);
}

/** Share of control characters, which texts do not contain. */
function controlShare(sample: Buffer): number {
  let controls = 0;
  for (const byte of sample) {
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  }
  return controls / Math.max(sample.length, 1);
}
