import { TextDecoder } from 'node:util';
import { standardName } from '../../lambdas/files/encoding-name.ts';

/** How often each pair of bytes follows one another: entry `256 * first + second`, 0 to 255. Named `<language>/<encoding>`. */
export type ByteModels = ReadonlyMap<string, Uint8Array>;

/** Characters or pairs of characters by their level: −2 log2 of their share, rounded. */
export type Levels = Readonly<Record<number, string>>;

/** The encodings whose models are read, and whether a unit of the table is a pair of characters or one character. */
const SOURCES: readonly (readonly [model: string, label: string, unit: 'pair' | 'character'])[] = [
  ['cp1252', 'windows-1252', 'pair'],
  ['cp1250', 'windows-1250', 'pair'],
  ['cp1251', 'windows-1251', 'pair'],
  ['cp1257', 'windows-1257', 'pair'],
  ['cp1253', 'windows-1253', 'pair'],
  ['cp1254', 'windows-1254', 'pair'],
  ['cp1255', 'windows-1255', 'pair'],
  ['cp1256', 'windows-1256', 'pair'],
  ['cp1258', 'windows-1258', 'pair'],
  ['cp874', 'windows-874', 'pair'],
  ['iso8859-3', 'iso-8859-3', 'pair'],
  ['iso8859-14', 'iso-8859-14', 'pair'],
  ['cp932', 'shift_jis', 'character'],
  ['gb18030', 'gb18030', 'character'],
  ['big5hkscs', 'big5', 'character'],
  ['cp949', 'euc-kr', 'character'],
];
/** Most units of a language: beyond them a table grows and decides nothing. */
const MAX_UNITS = { pair: 300, character: 900 } as const;
const MAX_SHARE = 0.97;

/** Languages that are written in two scripts have a table for each. */
function languageName(language: string, model: string): string {
  if (model === 'big5hkscs') return 'zh_hant';
  if (language === 'sr' && model === 'cp1251') return 'sr_cyrl';
  return language;
}

/** Tables of characters beyond ASCII for each language, independent of any encoding. */
export function frequencyTables(models: ByteModels): Record<string, Levels> {
  const tables: Record<string, Levels> = {};
  for (const [model, label, unit] of SOURCES) {
    if (standardName(label) !== label) throw new Error(`${label} is not an encoding`);
    const decoder = new TextDecoder(label, { fatal: true });
    for (const [key, weights] of models) {
      const [language = '', name] = key.split('/');
      // `zxx` stands for text in no language.
      if (name !== model || language === 'zxx') continue;
      tables[languageName(language, model)] ??= levels(units(weights, decoder, unit), MAX_UNITS[unit]);
    }
  }
  return tables;
}

/** The weight of each unit that has a character beyond ASCII. */
function units(weights: Uint8Array, decoder: TextDecoder, unit: 'pair' | 'character'): Map<string, number> {
  const found = new Map<string, number>();
  weights.forEach((weight, index) => {
    const bytes = [index >> 8, index & 0xff];
    if (weight === 0 || bytes.every((byte) => byte < 0x80)) return;
    const text = decodedOrUndefined(decoder, bytes)?.replace(/[\0-@[-`{-\x7f\xa0]/g, ' ');
    const isUnit = unit === 'pair' || (text !== undefined && [...text].length === 1);
    if (text === undefined || !isUnit || /[\x80-\x9f\ufffd]/.test(text)) return;
    found.set(text, (found.get(text) ?? 0) + weight);
  });
  return found;
}

function decodedOrUndefined(decoder: TextDecoder, bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return undefined; // These bytes are no character.
  }
}

function levels(weights: ReadonlyMap<string, number>, maxUnits: number): Levels {
  const sorted = [...weights].sort(([, a], [, b]) => b - a);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  const found: Record<number, string> = {};
  let seen = 0;
  for (const [text, weight] of sorted.slice(0, maxUnits)) {
    if (seen > MAX_SHARE * total) break;
    seen += weight;
    const level = Math.round(-2 * Math.log2(weight / total));
    found[level] = (found[level] ?? '') + text;
  }
  return found;
}
