import type { Column } from '../entities/column.ts';
import { formatNumber } from './number-form.ts';
import { spellingOf } from './spelling.ts';

/** An answer as it is written into a cell of its column: numbers in the column's own form, texts as they are. */
export function writtenAnswer(column: Pick<Column, 'form'>, prediction: string | number | boolean): string {
  return typeof prediction === 'number' && column.form
    ? formatNumber(prediction, column.form)
    : spellingOf(prediction);
}
