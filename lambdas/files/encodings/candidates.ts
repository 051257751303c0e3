import type { Language } from './frequencies.ts';

/** An encoding of the WHATWG standard that a file may have, and the languages that are written in it. */
export interface CandidateEncoding {
  readonly encoding: string;
  readonly languages: readonly Language[];
  /** How much rarer it is than the most frequent encoding of these languages, in half bits (−2 log2 of a share). */
  readonly rarity: number;
}

const WESTERN = [
  'br', 'cy', 'da', 'de', 'en', 'es', 'fi', 'fr', 'ga', 'id', 'is', 'it', 'ms', 'nl', 'no', 'pt', 'sv',
] as const; // prettier-ignore
const CENTRAL = ['cs', 'hr', 'hu', 'pl', 'ro', 'sk', 'sl', 'sr'] as const;
const CYRILLIC = ['be', 'bg', 'mk', 'ru', 'sr_cyrl', 'uk'] as const;
const BALTIC = ['et', 'lt', 'lv'] as const;

export const CANDIDATE_ENCODINGS: readonly CandidateEncoding[] = [
  { encoding: 'windows-1252', languages: WESTERN, rarity: 0 },
  { encoding: 'iso-8859-15', languages: [...WESTERN, 'et'], rarity: 6 },
  { encoding: 'macintosh', languages: WESTERN, rarity: 6 },
  { encoding: 'windows-1250', languages: CENTRAL, rarity: 1 },
  { encoding: 'iso-8859-2', languages: CENTRAL, rarity: 2 },
  { encoding: 'iso-8859-16', languages: ['ro'], rarity: 6 },
  { encoding: 'windows-1251', languages: CYRILLIC, rarity: 1 },
  { encoding: 'koi8-r', languages: ['ru', 'bg'], rarity: 2 },
  { encoding: 'koi8-u', languages: ['uk'], rarity: 4 },
  { encoding: 'ibm866', languages: CYRILLIC, rarity: 4 },
  { encoding: 'iso-8859-5', languages: CYRILLIC, rarity: 6 },
  { encoding: 'x-mac-cyrillic', languages: CYRILLIC, rarity: 6 },
  { encoding: 'windows-1257', languages: BALTIC, rarity: 1 },
  { encoding: 'iso-8859-13', languages: BALTIC, rarity: 6 },
  { encoding: 'iso-8859-4', languages: BALTIC, rarity: 6 },
  { encoding: 'iso-8859-10', languages: ['fi', 'is', 'da', 'no', 'sv'], rarity: 10 },
  { encoding: 'iso-8859-14', languages: ['br', 'cy', 'ga', 'gd'], rarity: 6 },
  { encoding: 'iso-8859-3', languages: ['eo', 'mt', 'tr'], rarity: 6 },
  { encoding: 'windows-1253', languages: ['el'], rarity: 1 },
  { encoding: 'iso-8859-7', languages: ['el'], rarity: 2 },
  { encoding: 'windows-1254', languages: ['tr'], rarity: 1 },
  { encoding: 'windows-1255', languages: ['he'], rarity: 1 },
  { encoding: 'iso-8859-8', languages: ['he'], rarity: 6 },
  { encoding: 'windows-1256', languages: ['ar', 'fa'], rarity: 1 },
  { encoding: 'iso-8859-6', languages: ['ar', 'fa'], rarity: 6 },
  { encoding: 'windows-1258', languages: ['vi'], rarity: 1 },
  { encoding: 'windows-874', languages: ['th'], rarity: 1 },
  { encoding: 'shift_jis', languages: ['ja'], rarity: 1 },
  { encoding: 'euc-jp', languages: ['ja'], rarity: 1 },
  { encoding: 'gb18030', languages: ['zh'], rarity: 1 },
  { encoding: 'big5', languages: ['zh_hant'], rarity: 1 },
  { encoding: 'euc-kr', languages: ['ko'], rarity: 1 },
];
