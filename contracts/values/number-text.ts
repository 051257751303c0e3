import { comparable } from './comparable.ts';

/** The parts of a text that looks like a number. */
export interface NumberText {
  readonly sign: '' | '+' | '-' | '−' | '–' | '()' | 'behind';
  /** Unit before the digits, including the space. */
  readonly prefix: string;
  /** Unit after the digits, including the space. */
  readonly suffix: string;
  /** Digits and separators; spaces of every width are ' ', apostrophes are "'". */
  readonly digits: string;
  readonly exponent: number | undefined;
}

/** Longer texts are not numbers and are not matched. */
export const MAX_NUMBER_CHARACTERS = 60;

const DIGITS = /^(?:\d|[.,](?=\d))(?:[\d.,' ]*\d)?/;
const EXPONENT = /^[eE]([+-]?\d{1,4})(?!\d)/;
const UNIT_MARKS = '%‰°′″²³µ';
/** Letters, marks and at most one more word: `kg`, `km/h`, `°C`, `sq ft`, `m2`. */
const SUFFIX = new RegExp(
  `^ ?(?:[\\p{L}\\p{Sc}${UNIT_MARKS}"][\\p{L}\\p{M}\\p{Sc}${UNIT_MARKS}·/.]{0,11}(?:(?<=m)[23])?(?: [\\p{L}.²³]{1,10})?)$`,
  'u',
);
/** A single capital letter after a number is more often a seat or a house number than a unit. */
const CODE_LETTER = /^[ABDEGHIOPQRSTUXYZ]$/;
const MONEY_SIGN = /^[\p{L}.]{0,3}\p{Sc}[\p{L}]{0,2}$/u;
const MONEY_WORDS = new Set(
  'kr kr. nkr skr dkk kč zł zl ft lv rs rs. rm rp rp. fr. sfr. sfr lei руб руб. лв din'.split(' '),
);

let codes: ReadonlySet<string> | undefined;
const currencyCodes = (): ReadonlySet<string> => (codes ??= new Set(Intl.supportedValuesOf('currency')));

/** Whether a unit is a currency: `$`, `R$`, `EUR`, `kr`. */
export function isMoney(unit: string): boolean {
  const text = unit.trim();
  return MONEY_SIGN.test(text) || MONEY_WORDS.has(text.toLowerCase()) || currencyCodes().has(text);
}

/** Normalizes separators: both apostrophes, spaces of any width (see `comparable`). */
const unified = (text: string): string => comparable(text).replaceAll('’', "'");

type Head = Pick<NumberText, 'sign' | 'prefix'> & { readonly opened: boolean };

function headOf(text: string): Head | undefined {
  const opened = text.startsWith('(');
  const [, before = '', unit = '', after = ''] =
    /^([+\-−–]?) ?(.*?)([+\-−–]?) ?$/su.exec(opened ? text.slice(1) : text) ?? [];
  if (before && after) return undefined;
  const prefix = unit.trim();
  if (prefix !== '' && !isMoney(prefix)) return undefined;
  const spaced = prefix !== '' && !after && text.endsWith(' ');
  return { sign: (before || after) as Head['sign'], prefix: spaced ? `${prefix} ` : prefix, opened };
}

/**
 * @returns the parts of a text that consists of a number with at most one unit on each side; else undefined
 */
export function numberText(text: string): NumberText | undefined {
  if (text.length > MAX_NUMBER_CHARACTERS) return undefined;
  const value = unified(text);
  let start = value.search(/\d/);
  if (start < 0) return undefined;
  // ".5", but not the point of "Rs.500".
  if (/[.,]/.test(value[start - 1] ?? '') && !/\p{L}/u.test(value[start - 2] ?? '')) start -= 1;
  const head = headOf(value.slice(0, start));
  const digits = DIGITS.exec(value.slice(start))?.[0];
  if (!head || digits === undefined) return undefined;
  let tail = value.slice(start + digits.length);
  const exponent = EXPONENT.exec(tail);
  if (exponent) tail = tail.slice(exponent[0].length);
  const closed = tail.endsWith(')');
  if (closed !== head.opened) return undefined;
  if (closed) tail = tail.slice(0, -1);
  const behind = /^[-−]$/.test(tail);
  const suffix = behind ? '' : tail;
  if (suffix !== '' && (!SUFFIX.test(suffix) || CODE_LETTER.test(suffix))) return undefined;
  if ((head.opened || behind) && head.sign !== '') return undefined;
  const sign = head.opened ? '()' : behind ? 'behind' : head.sign;
  return { sign, prefix: head.prefix, suffix, digits, exponent: exponent ? Number(exponent[1]) : undefined };
}
