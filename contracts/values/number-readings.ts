import type { NumberForm } from '../entities/column.ts';
import { isExact, readDigits, signed } from './number-form.ts';
import type { Separators } from './number-form.ts';
import { isMoney, numberText } from './number-text.ts';
import type { NumberText } from './number-text.ts';
import { MAX_DECIMALS } from './rounded.ts';

/**
 * Evidence for the decimal separator from the rest of the file: `comma` if other columns unambiguously use it, `comma
 * likely` if cells are separated by semicolons, as programs do that use a decimal comma.
 */
export type DecimalHint = 'none' | 'comma likely' | 'comma';

/** Number format of all cells of a column. */
export interface NumbersRead {
  readonly form: NumberForm;
  /** Whether every cell is written as an integer. */
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
}

/** Minimum, maximum, and the maximum number of decimals. */
class Extent {
  min = Infinity;
  max = -Infinity;
  decimals = 0;
  leastDecimals = Infinity;

  add(value: number, decimals: number): void {
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.decimals = Math.max(this.decimals, decimals);
    this.leastDecimals = Math.min(this.leastDecimals, decimals);
  }

  with(other: Extent): Extent {
    const both = new Extent();
    both.min = Math.min(this.min, other.min);
    both.max = Math.max(this.max, other.max);
    both.decimals = Math.max(this.decimals, other.decimals);
    both.leastDecimals = Math.min(this.leastDecimals, other.leastDecimals);
    return both;
  }
}

/** One interpretation of the separators, with the statistics of the cells under it. */
class Reading {
  readonly separators: Separators;
  readonly extent = new Extent();
  grouped = 0;
  western = false;
  indian = false;

  constructor(decimal: Separators['decimal'], group: Separators['group']) {
    this.separators = { decimal, group };
  }

  /**
   * @returns false if the text is not a number under this interpretation
   */
  add(text: NumberText): boolean {
    if (text.exponent !== undefined && this.separators.decimal === ',') return false;
    const read = readDigits(text, this.separators);
    if (!read) return false;
    const value = signed(text, read.value);
    if (!isExact(value, text.exponent === undefined ? read.decimals : 1)) return false;
    if (read.grouping === 'western') this.western = true;
    if (read.grouping === 'indian') this.indian = true;
    if (read.grouping !== 'none') this.grouped += 1;
    this.extent.add(value, read.decimals);
    return !(this.western && this.indian);
  }
}

/** The unit that the cells of a column share, on one side of the digits. */
class Unit {
  #text: string | undefined;
  #cells = 0;

  /** @returns false if the column has two different units */
  add(text: string): boolean {
    if (text === '') return true;
    this.#cells += 1;
    this.#text ??= text;
    return this.#text.trim().toLowerCase() === text.trim().toLowerCase();
  }

  /** The unit, '' for none; undefined if too few of `cells` have it: `14 b` among house numbers. */
  of(cells: number): string | undefined {
    const enough = this.#text?.trim() === '%' ? cells : cells / 2;
    return this.#cells === 0 || this.#cells >= enough ? (this.#text ?? '') : undefined;
  }
}

/** Fast path for unambiguous numbers, the majority of cells: "12", "-0.5". */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.(?:\d{1,2}|\d{4,}))?$/;
/** Texts of this length have at most 15 digits, which a double holds exactly. */
const MAX_PLAIN_CHARACTERS = 15;
const AMBIGUOUS = /^[1-9]\d{0,2}([.,])\d{3}$/;

/**
 * Infers the number format of a column from a stream of its cells. `1,234` is ambiguous: the other cells decide, else
 * a hint from the file, else convention.
 */
export class NumberReadings {
  #readings = [
    new Reading('.', ','),
    new Reading('.', ' '),
    new Reading('.', "'"),
    new Reading(',', '.'),
    new Reading(',', ' '),
    new Reading(',', "'"),
  ];
  /** Statistics of the cells on which all remaining interpretations agree. */
  readonly #plain = new Extent();
  readonly #prefix = new Unit();
  readonly #suffix = new Unit();
  #cells = 0;
  #plus = false;
  #negative: NumberText['sign'] = '';
  #groupCharacter: string | undefined;
  #exponents = false;
  /** Cells without a separator: with at most three digits, and with more. */
  #short = 0;
  #long = 0;
  #roundAmbiguous = false;

  /** Whether every cell so far is a number. */
  get possible(): boolean {
    return this.#readings.length > 0;
  }

  /** Marks that a cell is not a number, so the column is not numeric. */
  close(): void {
    this.#readings = [];
  }

  /**
   * @returns whether the column is still numeric
   */
  add(text: string): boolean {
    if (!this.possible) return false;
    if (text.length <= MAX_PLAIN_CHARACTERS && PLAIN.test(text)) return this.#addPlain(text);
    const parts = numberText(text);
    const fits = parts !== undefined && this.#prefix.add(parts.prefix) && this.#suffix.add(parts.suffix);
    this.#readings = fits ? this.#readings.filter((reading) => reading.add(parts)) : [];
    // "+41 44 123 456" is a telephone number.
    if (parts?.sign === '+' && parts.digits.includes(' ')) this.#readings = [];
    if (parts && this.possible) this.#note(text, parts);
    return this.possible;
  }

  #addPlain(text: string): boolean {
    const point = text.indexOf('.');
    if (point >= 0 && this.#readings.some(({ separators }) => separators.decimal === ','))
      this.#readings = this.#readings.filter(({ separators }) => separators.decimal === '.');
    this.#plain.add(Number(text), point < 0 ? 0 : text.length - point - 1);
    this.#cells += 1;
    const negative = text.startsWith('-');
    if (negative) this.#negative ||= '-';
    if (point < 0) this.#countBare(negative ? text.length - 1 : text.length);
    return this.possible;
  }

  #countBare(digits: number): void {
    if (digits > 3) this.#long += 1;
    else this.#short += 1;
  }

  #note(text: string, { sign, digits, exponent }: NumberText): void {
    this.#cells += 1;
    if (sign === '+') this.#plus = true;
    else if (sign !== '') this.#negative ||= sign;
    if (exponent !== undefined) this.#exponents = true;
    if (/^\d+$/.test(digits)) this.#countBare(digits.length);
    if (AMBIGUOUS.test(digits) && digits.endsWith('0')) this.#roundAmbiguous = true;
    if (/[ ']/.test(digits)) this.#groupCharacter ??= /\d([\u00a0\u2009\u202f'’])/.exec(text)?.[1];
  }

  /** @returns undefined if the cells are not all numbers */
  read(hint: DecimalHint = 'none'): NumbersRead | undefined {
    const prefix = this.#prefix.of(this.#cells);
    const suffix = this.#suffix.of(this.#cells);
    if (this.#cells === 0 || !this.possible || prefix === undefined || suffix === undefined) return undefined;
    const { reading, assumed } = this.#choose(hint, isMoney(prefix) || isMoney(suffix));
    const { decimal, group } = reading.separators;
    const extent = reading.extent.with(this.#plain);
    const decimals = Math.min(extent.decimals, MAX_DECIMALS);
    const negative = this.#negativeMark(suffix);
    const form: NumberForm = {
      decimal,
      ...(reading.grouped > 0 && { group: (this.#groupCharacter ?? group) as NumberForm['group'] }),
      ...(reading.indian && { indian: true }),
      ...(prefix !== '' && { prefix }),
      ...(suffix !== '' && { suffix }),
      decimals,
      ...(decimals > 0 && decimals === extent.leastDecimals && !this.#exponents && { fixed: true }),
      ...(this.#plus && { plus: true }),
      ...(negative && { negative }),
      ...(assumed && { assumed: true }),
    };
    return { form, whole: decimals === 0 && !this.#exponents, min: extent.min, max: extent.max };
  }

  #negativeMark(suffix: string): NumberForm['negative'] {
    const mark = this.#negative;
    if (mark === '' || mark === '+' || mark === '-') return undefined;
    return mark === 'behind' && suffix !== '' ? undefined : mark;
  }

  #choose(hint: DecimalHint, money: boolean): { reading: Reading; assumed: boolean } {
    const point = bestOf(this.#readings, '.');
    const comma = bestOf(this.#readings, ',');
    if (!point || !comma) return { reading: (point ?? comma)!, assumed: false };
    if (point.extent.decimals === 0 && comma.extent.decimals === 0)
      return { reading: hint === 'comma' ? comma : point, assumed: false };
    // Every separator precedes exactly three digits: "1.234" or "1,234".
    if (money) return { reading: comma.extent.decimals > 0 ? point : comma, assumed: true };
    const ungrouped = this.#long > 0;
    if (comma.extent.decimals > 0)
      return { reading: ungrouped || hint !== 'none' ? comma : point, assumed: true };
    // A column with "1.200" and "950" uses the dot for thousands: decimals would be padded, as "950.000".
    const trailingZeros = this.#short > 0 && this.#roundAmbiguous;
    const groups = !ungrouped && (hint === 'comma' || trailingZeros);
    return { reading: groups ? comma : point, assumed: true };
  }
}

/** Of the interpretations with this decimal separator, the one whose grouping occurs, else the first. */
const bestOf = (readings: readonly Reading[], decimal: Separators['decimal']): Reading | undefined => {
  const own = readings.filter(({ separators }) => separators.decimal === decimal);
  return own.find(({ grouped }) => grouped > 0) ?? own[0];
};

/** Whether a single text is a number in any form. */
export function isNumberText(text: string): boolean {
  const readings = new NumberReadings();
  return readings.add(text.trim()) && readings.read() !== undefined;
}
