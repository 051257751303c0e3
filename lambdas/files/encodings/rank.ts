import { CANDIDATE_ENCODINGS } from './candidates.ts';
import type { CandidateEncoding } from './candidates.ts';
import { FREQUENCIES } from './frequencies.ts';
import type { Language } from './frequencies.ts';

/** An encoding that can decode a sample, with how improbable the text is. */
export interface RankedEncoding {
  readonly encoding: string;
  /** −2 log2 of the probability of the non-ASCII characters in the most probable language of the encoding. */
  readonly cost: number;
}

/** Costs in half bits, chosen on files of 37 languages in 32 encodings (`npm run encodings`). */
const COST = {
  unseenPair: 30,
  unseenCharacter: 46,
  /** A neighbourhood of symbols, such as `— "`, which the tables of most languages lack. */
  symbols: 22,
  /** An upper-case letter where the table has the lower-case one only. */
  upperCase: 6,
  /** Control and private characters, which texts do not contain. */
  control: 60,
  /** A character of a multi-byte encoding within a Latin word: most often a mistaken reading of Western text. */
  mixedWord: 14,
} as const;
/** Enough characters to decide; the rest only takes time. */
const SAMPLE_BYTES = 4096;

const CONTROL = /[\x80-\x9f\ue000-\uf8ff\ufffd]/;
const LETTER = /[\p{L}\p{M}]/u;
const MIXED_WORD = /[A-Za-z](?=[\xa0-\uffff])|[\xa0-\uffff](?=[A-Za-z])|[\uff61-\uff9f]/g;
const MULTI_BYTE: ReadonlySet<Language> = new Set<Language>(['ja', 'zh', 'zh_hant', 'ko']);

/** The encodings that can decode a sample, the most probable first. */
export function rankEncodings(sample: Uint8Array): RankedEncoding[] {
  const bytes = sample.subarray(0, SAMPLE_BYTES);
  return CANDIDATE_ENCODINGS.flatMap((candidate) => {
    const text = decodedOrUndefined(bytes, candidate.encoding);
    return text === undefined ? [] : [{ encoding: candidate.encoding, cost: costOf(text, candidate) }];
  }).sort((a, b) => a.cost - b.cost);
}

/** Undefined if the encoding has no character for some of the bytes. A character cut off at the end is ignored. */
function decodedOrUndefined(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    // The tables have the cedillas of windows-1250; ISO 8859-16 has the commas that Romanian is written with.
    return new TextDecoder(encoding, { fatal: true })
      .decode(bytes, { stream: true })
      .replaceAll('ș', 'ş')
      .replaceAll('ț', 'ţ');
  } catch {
    return undefined; // An expected outcome.
  }
}

function costOf(text: string, { languages, rarity }: CandidateEncoding): number {
  const isMultiByte = languages.some((language) => MULTI_BYTE.has(language));
  const mixedWords = isMultiByte ? (text.match(MIXED_WORD)?.length ?? 0) : 0;
  const units = isMultiByte ? characterCounts(text) : pairCounts(text);
  const costs = languages.map((language) => {
    const levels = levelsOf(language);
    let cost = 0;
    for (const [unit, count] of units) cost += count * unitCost(unit, levels, isMultiByte);
    return cost;
  });
  return rarity + mixedWords * COST.mixedWord + Math.min(...costs);
}

function unitCost(unit: string, levels: ReadonlyMap<string, number>, isMultiByte: boolean): number {
  const level = levels.get(unit);
  if (level !== undefined) return level;
  if (CONTROL.test(unit)) return COST.control;
  const lower = levels.get(unit.toLowerCase());
  if (lower !== undefined) return lower + COST.upperCase;
  if (isMultiByte) return COST.unseenCharacter;
  return LETTER.test(unit) ? COST.unseenPair : COST.symbols;
}

/** Neighbouring characters of which at least one is not ASCII. */
function pairCounts(text: string): Map<string, number> {
  const spaced = text.replace(/[\0-@[-`{-\x7f]+/g, ' ');
  const counts = new Map<string, number>();
  for (let at = 0; at + 1 < spaced.length; at++) {
    const pair = spaced.slice(at, at + 2);
    if (/[^\0-\x7f]/.test(pair)) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}

function characterCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) {
    if (character > '\x7f') counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return counts;
}

const tables = new Map<Language, ReadonlyMap<string, number>>();

/** The level of each unit of a language; unpacked once. */
function levelsOf(language: Language): ReadonlyMap<string, number> {
  const unpacked = tables.get(language) ?? unpack(language);
  tables.set(language, unpacked);
  return unpacked;
}

function unpack(language: Language): ReadonlyMap<string, number> {
  const unitLength = MULTI_BYTE.has(language) ? 1 : 2;
  const levels = new Map<string, number>();
  for (const [level, units] of Object.entries(FREQUENCIES[language])) {
    const characters = [...units];
    for (let at = 0; at < characters.length; at += unitLength)
      levels.set(characters.slice(at, at + unitLength).join(''), Number(level));
  }
  return levels;
}
