import type { Column } from '../../contracts/entities/file.ts';
import type { Task } from '../../contracts/entities/task.ts';
import type { OutputColumn } from '../../contracts/rules/output-columns.ts';
import { writtenAnswer } from '../../contracts/values/written-answer.ts';
import { guardFormula } from '../shared/tables/formula.ts';
import type { KnownItem } from './known-items.ts';

/** A column that is put beside the answers. */
export interface AddedAnswerColumn {
  readonly name: string;
  readonly cell: (item: KnownItem) => string;
}

/**
 * How answers are written into cells of a CSV. A text that a model or another person wrote is made safe to open in a
 * spreadsheet; numbers, the buyer's own labels and the buyer's own corrections are written as they are.
 */
export class AnswerColumns {
  readonly #guarded: boolean;
  readonly #wanted: NonNullable<Task['output_columns']>;

  constructor(task: Pick<Task, 'kind' | 'output_columns'>) {
    this.#guarded = task.kind === 'generation';
    this.#wanted = task.output_columns ?? [];
  }

  /** @param column that it is written into, where the buyer's file has it */
  answer({ prediction, corrected }: KnownItem, column: Pick<Column, 'form'> = {}): string {
    if (prediction === null) return '';
    const text = writtenAnswer(column, prediction);
    return this.#guarded && !corrected ? guardFormula(text) : text;
  }

  /** The columns that the buyer asked for beside the answers. @param taken names that are there already */
  added(taken: readonly string[]): AddedAnswerColumn[] {
    return this.#wanted.map((wanted) => ({
      name: this.freeName(wanted, taken),
      cell: CELLS[wanted],
    }));
  }

  /** The name, or where it is taken the same with a number. */
  freeName(wanted: string, taken: readonly string[]): string {
    if (!taken.includes(wanted)) return wanted;
    for (let n = 2; ; n++) if (!taken.includes(`${wanted}_${n}`)) return `${wanted}_${n}`;
  }
}

/** Four digits say more than any calibration does. */
const confidenceOf = ({ confidence }: KnownItem): string =>
  confidence === undefined ? '' : String(Number(confidence.toFixed(4)));
const correctedOf = ({ corrected, refused }: KnownItem): string =>
  corrected ? 'true' : refused ? 'refused' : 'false';
const CELLS: Readonly<Record<OutputColumn, AddedAnswerColumn['cell']>> = {
  confidence: confidenceOf,
  corrected: correctedOf,
};
