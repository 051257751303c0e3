import { comparable } from './comparable.ts';

/**
 * How surely a text stands for a missing value:
 * - `mark`: programs and people write it for nothing else (`NaN`, `#N/A`, `k. A.`);
 * - `punctuation`: `-`, `?`, `…`;
 * - `code`: `NA`, which is also Namibia, North America and sodium;
 * - `none`: `None`, which Python writes for a missing value and people for "none of these";
 * - `word`: `unknown`, an answer like others wherever answers are words.
 */
export type LooksMissing = 'mark' | 'punctuation' | 'code' | 'none' | 'word';

const listed = (kind: LooksMissing, texts: string): [string, LooksMissing][] =>
  texts.split('|').map((text) => [text, kind]);

/** In lower case. What pandas, R, SQL, spreadsheets and JavaScript write, and abbreviations of several languages. */
const LISTED: ReadonlyMap<string, LooksMissing> = new Map([
  ...listed(
    'mark',
    'nan|-nan|null|(null)|<null>|<na>|<nan>|\\n|nat|undefined|n/a|n.a.|n. a.|n.a|n/d|n.d.|n/v|(na)|[na]',
  ),
  ...listed(
    'mark',
    '#n/a|#n/a n/a|#na|#null!|#div/0!|#value!|#ref!|#name?|#num!|1.#ind|-1.#ind|1.#qnan|-1.#qnan',
  ),
  ...listed(
    'mark',
    'k.a.|k. a.|n.v.|n. v.|n.b.|s/d|s/o|s.o.|b/d|b.d.|н/д|н.д.|na_character_|na_integer_|na_real_',
  ),
  ...listed('punctuation', '-|--|---|–|—|?|??|???|.|..|...|…|*|_|/'),
  ...listed('code', 'na'),
  ...listed('none', 'none|nil'),
  ...listed(
    'word',
    'unknown|missing|not available|not applicable|no data|empty|blank|tbd|tba|(blank)|(empty)',
  ),
  ...listed(
    'word',
    'unbekannt|keine angabe|fehlt|inconnu|non disponible|desconocido|sin dato|sin datos|sconosciuto',
  ),
  ...listed(
    'word',
    'desconhecido|onbekend|okänd|ukendt|ukjent|brak|brak danych|neznámé|нет данных|неизвестно|不明|未知|不详|缺失|无|なし|없음',
  ),
]);

/** Longer texts are never looked up. */
const LONGEST = 30;

export function looksMissing(text: string): LooksMissing | undefined {
  // What begins with a digit is a number nearly always, and columns of numbers are long.
  if (text.length > LONGEST || (/^-?\d/.test(text) && !text.includes('#'))) return undefined;
  return LISTED.get(comparable(text).toLowerCase());
}

/** What the filled cells of a column have in common, apart from those that look missing. */
export interface Rest {
  /** Distinct texts; no more than are counted. */
  readonly distinct: number;
  readonly upperCodes: boolean;
  readonly twoLetterCodes: boolean;
  readonly capitalised: boolean;
  readonly punctuation: boolean;
}

const UPPER_CODE = /^[A-Z]{1,5}$/;
const TWO_LETTERS = /^[A-Z]{2}$/;
const CAPITALISED = /^\p{Lu}\p{Ll}*(?:[ -]|$)/u;
const WORDLESS = /^[^\p{L}\p{N}]+$/u;
/** Of fewer codes, `NA` beside them is more likely a missing answer: YES, NO, NA. */
const MANY_CODES = 8;
const MIN_TWO_LETTER_CODES = 3;

/** Gathers what the texts of a column have in common, one at a time. */
export class RestShape {
  #upperCodes = true;
  #twoLetterCodes = true;
  #capitalised = true;
  #punctuation = true;

  add(text: string): void {
    this.#upperCodes &&= UPPER_CODE.test(text);
    this.#twoLetterCodes &&= TWO_LETTERS.test(text);
    this.#capitalised &&= CAPITALISED.test(text);
    this.#punctuation &&= WORDLESS.test(text);
  }

  /** A number: no word, no code and no punctuation. */
  addNumber(): void {
    this.#upperCodes = this.#twoLetterCodes = this.#capitalised = this.#punctuation = false;
  }

  rest(distinct: number): Rest {
    return {
      distinct,
      upperCodes: this.#upperCodes,
      twoLetterCodes: this.#twoLetterCodes,
      capitalised: this.#capitalised,
      punctuation: this.#punctuation,
    };
  }
}

const amongCodes = ({ distinct, twoLetterCodes, upperCodes }: Rest): boolean =>
  (twoLetterCodes && distinct >= MIN_TWO_LETTER_CODES) || (upperCodes && distinct >= MANY_CODES);

const isUpper = (text: string): boolean => text === text.toUpperCase();
const isTitle = (text: string): boolean => /^\p{Lu}\p{Ll}+$/u.test(text);

/**
 * Whether a text that looks missing is, in a column whose other cells are texts. A text that fits in with them is one of
 * them: `NA` among DE, FR, IT; `None` among Mild, Severe; `-` among + and ?.
 */
export function isMissingAmongTexts(text: string, rest: Rest): boolean {
  const value = comparable(text);
  switch (looksMissing(value)) {
    case 'mark':
      // Null, Nan and Nat are names too.
      return !(isTitle(value) && rest.capitalised && rest.distinct >= MANY_CODES);
    case 'punctuation':
      return rest.distinct === 0 || !rest.punctuation;
    case 'code':
      if (isUpper(value)) return !amongCodes(rest);
      return !(isTitle(value) && rest.capitalised);
    case 'none':
      return rest.distinct > 0 && isTitle(value) && !rest.capitalised;
    case 'word':
    case undefined:
      return false;
  }
}

/** The same where the other cells are numbers, dates, or true and false. */
export const isMissingAmong = (type: 'numbers' | 'dates' | 'booleans', text: string): boolean => {
  const looks = looksMissing(text);
  return looks !== undefined && (type !== 'booleans' || looks !== 'word');
};
