import type { NumberForm } from '../entities/column.ts';
import { MAX_NUMBER } from '../limits.ts';
import { numberText } from './number-text.ts';
import type { NumberText } from './number-text.ts';
import { MAX_DECIMALS, rounded } from './rounded.ts';

/** Normalizes separators: spaces of any width to ' ', apostrophes to "'". */
export interface Separators {
  readonly decimal: '.' | ',';
  readonly group: '.' | ',' | ' ' | "'" | undefined;
}

/** Digits as a form reads them. */
export interface ReadDigits {
  readonly value: number;
  readonly decimals: number;
  readonly grouping: 'none' | 'western' | 'indian' | 'either';
}

const PLAIN_WHOLE = /^(?:0|[1-9]\d*)$/;
const FRACTION = /^\d+$/;

/** The grouping of the integer digits; undefined if there is none or it is irregular. */
function groupingOf(whole: string, group: Separators['group']): ReadDigits['grouping'] | undefined {
  if (PLAIN_WHOLE.test(whole)) return 'none';
  if (group === undefined || !whole.includes(group)) return undefined;
  const [first = '', ...rest] = whole.split(group);
  const last = rest.at(-1) ?? '';
  if (!/^[1-9]\d{0,2}$/.test(first) || !/^\d{3}$/.test(last)) return undefined;
  const middle = rest.slice(0, -1);
  if (middle.length === 0) return first.length < 3 ? 'either' : 'western';
  if (middle.every((part) => /^\d{3}$/.test(part))) return 'western';
  return first.length < 3 && middle.every((part) => /^\d{2}$/.test(part)) ? 'indian' : undefined;
}

/** Parses digits with the given separators; undefined if they do not fit. */
export function readDigits(
  { digits, exponent = 0 }: Pick<NumberText, 'digits' | 'exponent'>,
  { decimal, group }: Separators,
): ReadDigits | undefined {
  const at = digits.lastIndexOf(decimal);
  const whole = at < 0 ? digits : digits.slice(0, at);
  const fraction = at < 0 ? '' : digits.slice(at + 1);
  if (at >= 0 && !FRACTION.test(fraction)) return undefined;
  const grouping = whole === '' ? 'none' : groupingOf(whole, group);
  if (grouping === undefined) return undefined;
  const plain = whole.replace(/[^\d]/g, '');
  const value = Number(`${plain}.${fraction || '0'}e${exponent}`);
  return { value, decimals: Math.max(0, fraction.length - exponent), grouping };
}

/** Applies the sign of a text to its magnitude. */
export const signed = ({ sign }: Pick<NumberText, 'sign'>, size: number): number =>
  sign === '' || sign === '+' || size === 0 ? size : -size;

/** Limits integers to what a double holds exactly: beyond 2⁵³ the last digits would be lost. */
export const isExact = (value: number, decimals: number): boolean =>
  Math.abs(value) <= MAX_NUMBER && (decimals > 0 || !Number.isInteger(value) || Number.isSafeInteger(value));

const sameUnit = (a: string, b: string | undefined): boolean =>
  a === '' || a.trim().toLowerCase() === b?.trim().toLowerCase();

export const separatorsOf = ({ decimal, group }: NumberForm): Separators => ({
  decimal,
  group:
    group === undefined || group === '.' || group === ','
      ? group
      : group === "'" || group === '’'
        ? "'"
        : ' ',
});

/** Parses a text in this form, without its unit; undefined if it is not a number. */
export function parseNumber(text: string, form: NumberForm): number | undefined {
  const parts = numberText(text);
  if (!parts || !sameUnit(parts.prefix, form.prefix) || !sameUnit(parts.suffix, form.suffix))
    return undefined;
  const read = readDigits(parts, separatorsOf(form));
  if (!read) return undefined;
  const value = signed(parts, read.value);
  return Math.abs(value) <= MAX_NUMBER ? value : undefined;
}

function grouped(whole: string, group: string, indian: boolean): string {
  const head = whole.slice(0, -3);
  const separated = head.replace(indian ? /\B(?=(?:\d{2})+$)/g : /\B(?=(?:\d{3})+$)/g, group);
  return head === '' ? whole : `${separated}${group}${whole.slice(-3)}`;
}

/** Decimal digits of a positive number, without an exponent if the form can hold it. */
function digitsOf(size: number, { decimals, fixed }: NumberForm): string {
  if (size >= 1e21 || decimals >= MAX_DECIMALS) return String(size);
  if (fixed) return size.toFixed(decimals);
  const text = String(size);
  return text.includes('e') ? size.toFixed(decimals).replace(/\.?0+$/, '') : text;
}

/** Formats a number in the form of its column: 1234.56 → "1.234,56 €". Rounds to the decimals of the column. */
export function formatNumber(value: number, form: NumberForm): string {
  const number = rounded(value, form.decimals);
  const [whole = '', fraction] = digitsOf(Math.abs(number), form).split('.');
  const { group, prefix = '', suffix = '' } = form;
  const plain = /^\d+$/.test(whole);
  const digits = `${group && plain ? grouped(whole, group, form.indian ?? false) : whole}${
    fraction === undefined ? '' : `${form.decimal}${fraction}`
  }`;
  const marked = `${prefix}${digits}`;
  if (number > 0) return `${form.plus ? '+' : ''}${marked}${suffix}`;
  if (number === 0) return `${marked}${suffix}`;
  if (form.negative === '()') return `(${marked}${suffix})`;
  if (form.negative === 'behind') return `${marked}-${suffix}`;
  return `${form.negative ?? '-'}${marked}${suffix}`;
}

/** The form that JSON and most programs use. */
export const plainForm = (decimals: number): NumberForm => ({ decimal: '.', decimals });
