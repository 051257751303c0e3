import { MAX_COLUMN_VALUES } from '../limits.ts';
import { isBlank } from './blank.ts';
import type { Column, ColumnType } from '../entities/column.ts';
import { isDate } from './calendar.ts';
import { comparable } from './comparable.ts';
import { extensionOf } from './file-names.ts';
import { isMissingAmong, isMissingAmongTexts, looksMissing, RestShape } from './missing.ts';
import { NumberReadings } from './number-readings.ts';
import type { DecimalHint, NumbersRead } from './number-readings.ts';
import { spellingOf } from './spelling.ts';

/** A cell: text from a CSV, or a JSON value. */
export type Cell = string | number | boolean | null | undefined;

const MAX_VALUE_CHARACTERS = 80;
const MAX_LOOKS = 10;
/** Maximum length of a distinct text, including characters that `comparable` removes. */
const MAX_LOOK_CHARACTERS = 24;
const MAX_SAMPLE_CHARACTERS = 60;
const MAX_DATE_CHARACTERS = 40;
const BOOLEAN = /^(?:true|false)$/i;

/** Truncates to at most `length` UTF-16 units without splitting a surrogate pair. */
export const beginning = (text: string, length: number): string => text.slice(0, length).toWellFormed();

interface Distinct {
  readonly text: string;
  readonly row: number;
}

/**
 * Distinct texts (by `comparable`) with the row of their first occurrence; undefined once there are too many or one
 * is too long.
 */
class DistinctTexts {
  #originals: Map<string, Distinct> | undefined = new Map();

  add(text: string, row: number): void {
    if (!this.#originals) return;
    const key = comparable(text);
    const original = this.#originals.get(key);
    if (text.length > MAX_VALUE_CHARACTERS) this.#originals = undefined;
    else if (!original || text === key) this.#originals.set(key, { text, row: original?.row ?? row });
    if (this.#originals && this.#originals.size > MAX_COLUMN_VALUES) this.#originals = undefined;
  }

  get texts(): readonly Distinct[] | undefined {
    return this.#originals && [...this.#originals.values()].sort(byText);
  }
}

const byText = (a: Distinct, b: Distinct): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

/** Profiles a column from a stream of its cells, in constant memory. */
export class ColumnProfile {
  readonly name: string;
  readonly #numbers = new NumberReadings();
  readonly #shape = new RestShape();
  readonly #distinct = new DistinctTexts();
  /** Texts that often stand for a missing value, in their original spelling, with their cells. */
  readonly #looks = new Map<string, number>();
  #booleans = true;
  #dates = true;
  #fileNames = true;
  #filled = 0;
  #sample: string | undefined;
  #notNumber: Column['not_number'];

  constructor(name: string) {
    this.name = name;
  }

  /**
   * @param row 1-based, as in the ids of items
   */
  add(cell: Cell, row: number): void {
    if (cell === null || cell === undefined || isBlank(cell)) return;
    const text = spellingOf(cell).trim();
    if (typeof cell === 'string' && this.#addMissing(text)) return;
    this.#filled += 1;
    this.#sample ??= text;
    const number = typeof cell !== 'boolean' && this.#numbers.add(text);
    if (!number) this.#keepNotNumber(text, row);
    this.#booleans &&= BOOLEAN.test(text);
    this.#dates &&= text.length <= MAX_DATE_CHARACTERS && isDate(text);
    if (number) this.#shape.addNumber();
    else this.#shape.add(text.length > MAX_VALUE_CHARACTERS ? '' : comparable(text));
    this.#distinct.add(text, row);
    this.#fileNames &&= !number && extensionOf(text) !== undefined;
  }

  #addMissing(text: string): boolean {
    if (text.length > MAX_LOOK_CHARACTERS || looksMissing(text) === undefined) return false;
    const count = this.#looks.get(text);
    if (count === undefined && this.#looks.size >= MAX_LOOKS) return false;
    this.#looks.set(text, (count ?? 0) + 1);
    return true;
  }

  #keepNotNumber(text: string, row: number): void {
    this.#numbers.close();
    this.#notNumber ??= { row, text: beginning(text, MAX_SAMPLE_CHARACTERS) };
  }

  /** The decimal separator of the numbers of the column, if unambiguous. */
  get decimalSeparator(): '.' | ',' | undefined {
    const form = this.#numbers.read()?.form;
    const definite = form && form.assumed !== true && (form.decimals > 0 || form.group !== undefined);
    return definite ? form.decimal : undefined;
  }

  toColumn(hint: DecimalHint = 'none'): Column {
    const numbers = this.#numbers.read(hint);
    const rest = this.#restType(numbers);
    const texts = this.#distinct.texts;
    const isMissing = this.#missingTest(rest, texts?.length ?? MAX_COLUMN_VALUES + 1);
    const looks = [...this.#looks];
    const missing = looks.map(([text]) => text).filter(isMissing);
    const notMissing = looks.filter(([text]) => !isMissing(text));
    const type = notMissing.length > 0 ? 'text' : rest;
    const values = valuesWith(
      texts,
      notMissing.map(([text]) => text),
    );
    const sample = this.#sample ?? notMissing[0]?.[0];
    return {
      name: this.name,
      type,
      filled: this.#filled + notMissing.reduce((sum, [, count]) => sum + count, 0),
      ...(values ? { values } : sample !== undefined && { sample: beginning(sample, MAX_SAMPLE_CHARACTERS) }),
      ...(numbers && isNumeric(type) && { form: numbers.form, min: numbers.min, max: numbers.max }),
      ...(missing.length > 0 && { missing }),
      ...(looks.length > 0 && { look_missing: looks.map(([text, count]) => ({ text, count })) }),
      ...(type === 'text' &&
        this.#fileNames &&
        notMissing.length === 0 && { names_files: texts?.map(({ row }) => row) ?? [] }),
      ...(this.#notNumber && !isNumeric(type) && { not_number: this.#notNumber }),
    };
  }

  #restType(numbers: NumbersRead | undefined): ColumnType {
    if (this.#filled === 0) return 'empty';
    if (numbers) return numbers.whole ? 'integer' : 'number';
    if (this.#booleans) return 'boolean';
    return this.#dates ? 'date' : 'text';
  }

  #missingTest(rest: ColumnType, distinct: number): (text: string) => boolean {
    if (isNumeric(rest)) return (text) => isMissingAmong('numbers', text);
    if (rest === 'date') return (text) => isMissingAmong('dates', text);
    if (rest === 'boolean') return (text) => isMissingAmong('booleans', text);
    const shape = this.#shape.rest(rest === 'empty' ? 0 : distinct);
    return (text) => isMissingAmongTexts(text, shape);
  }
}

const isNumeric = (type: ColumnType): boolean => type === 'integer' || type === 'number';

function valuesWith(texts: readonly Distinct[] | undefined, more: readonly string[]): string[] | undefined {
  if (!texts || texts.length + more.length > MAX_COLUMN_VALUES) return undefined;
  return [...new Set([...texts.map(({ text }) => text), ...more])].sort();
}
