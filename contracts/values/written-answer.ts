import type { Column } from '../entities/column.ts';
import { formatNumber } from './number-form.ts';
import { spellingOf } from './spelling.ts';

/** Formats an answer for a cell of its column: numbers in the form of the column, texts unchanged. */
export function writtenAnswer(column: Pick<Column, 'form'>, prediction: string | number | boolean): string {
  return typeof prediction === 'number' && column.form
    ? formatNumber(prediction, column.form)
    : spellingOf(prediction);
}
