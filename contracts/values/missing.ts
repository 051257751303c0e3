import { comparable } from './comparable.ts';

/**
 * How likely a text stands for a missing value:
 * - `mark`: has no other meaning (`NaN`, `#N/A`, `k. A.`);
 * - `punctuation`: `-`, `?`, `…`;
 * - `code`: `NA`, which is also Namibia, North America and sodium;
 * - `none`: `None`, which Python writes for a missing value and people for "none of these";
 * - `word`: `unknown`, a normal answer where answers are words.
 */
export type LooksMissing = 'mark' | 'punctuation' | 'code' | 'none' | 'word';

const listed = (kind: LooksMissing, texts: string): [string, LooksMissing][] =>
  texts.split('|').map((text) => [text, kind]);

/** In lower case: what pandas, R, SQL, spreadsheets and JavaScript write, and abbreviations in several languages. */
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

/** Longer texts are not looked up. */
const MAX_LENGTH = 30;

export function looksMissing(text: string): LooksMissing | undefined {
  // Skips texts that begin with a digit, the bulk of long numeric columns.
  if (text.length > MAX_LENGTH || (/^-?\d/.test(text) && !text.includes('#'))) return undefined;
  return LISTED.get(comparable(text).toLowerCase());
}

/** Common properties of the filled cells of a column, without those that look missing. */
export interface Rest {
  /** Number of distinct texts, counted up to a limit. */
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
/** With fewer distinct codes, `NA` is more likely a missing value: YES, NO, NA. */
const MANY_CODES = 8;
const MIN_TWO_LETTER_CODES = 3;

/** Collects the properties of the texts of a column, one text at a time. */
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

  /** A number: neither word, code nor punctuation. */
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
 * Whether a text that looks missing is missing, in a column of texts. A text that resembles the others is an answer:
 * `NA` among DE, FR, IT; `None` among Mild, Severe; `-` among + and ?.
 */
export function isMissingAmongTexts(text: string, rest: Rest): boolean {
  const value = comparable(text);
  switch (looksMissing(value)) {
    case 'mark':
      // Null, Nan and Nat are also names.
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

/** The same for columns of numbers, dates or booleans. */
export const isMissingAmong = (type: 'numbers' | 'dates' | 'booleans', text: string): boolean => {
  const looks = looksMissing(text);
  return looks !== undefined && (type !== 'booleans' || looks !== 'word');
};
