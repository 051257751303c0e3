import type { Column } from '../../contracts/entities/column.ts';
import type { Task } from '../../contracts/entities/task.ts';
import type { OutputColumn } from '../../contracts/rules/output-columns.ts';
import { writtenAnswer } from '../../contracts/values/written-answer.ts';
import { guardFormula } from '../shared/tables/formula.ts';
import type { KnownItem } from './known-items.ts';

/** A column added next to the answers. */
export interface AddedAnswerColumn {
  readonly name: string;
  readonly cell: (item: KnownItem) => string;
}

/**
 * Writes answers into cells of a CSV. Generated text is escaped so that a spreadsheet does not run it as a formula;
 * numbers, labels and the buyer's own corrections are written unchanged.
 */
export class AnswerColumns {
  readonly #guarded: boolean;
  readonly #wanted: NonNullable<Task['output_columns']>;

  constructor(task: Pick<Task, 'kind' | 'output_columns'>) {
    this.#guarded = task.kind === 'generation';
    this.#wanted = task.output_columns ?? [];
  }

  /** @param column the target column of the buyer's file, if it has one */
  answer({ prediction, corrected }: KnownItem, column: Pick<Column, 'form'> = {}): string {
    if (prediction === null) return '';
    const text = writtenAnswer(column, prediction);
    return this.#guarded && !corrected ? guardFormula(text) : text;
  }

  /** The extra columns the buyer requested. @param taken names already in use */
  added(taken: readonly string[]): AddedAnswerColumn[] {
    return this.#wanted.map((wanted) => ({
      name: this.freeName(wanted, taken),
      cell: CELLS[wanted],
    }));
  }

  /** The name, with a number appended if it is taken. */
  freeName(wanted: string, taken: readonly string[]): string {
    if (!taken.includes(wanted)) return wanted;
    for (let n = 2; ; n++) if (!taken.includes(`${wanted}_${n}`)) return `${wanted}_${n}`;
  }
}

/** Rounds to four decimals; calibration is not more precise than that. */
const confidenceOf = ({ confidence }: KnownItem): string =>
  confidence === undefined ? '' : String(Number(confidence.toFixed(4)));
const correctedOf = ({ corrected, refused }: KnownItem): string =>
  corrected ? 'true' : refused ? 'refused' : 'false';
const CELLS: Readonly<Record<OutputColumn, AddedAnswerColumn['cell']>> = {
  confidence: confidenceOf,
  corrected: correctedOf,
};
