import type { Column } from '../../contracts/entities/column.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';
import { writtenAnswer } from '../../contracts/values/written-answer.ts';
import { isMissing } from '../../contracts/values/blank.ts';
import { cellOfJson } from '../shared/tables/json-rows.ts';

type Form = 'string' | 'number' | 'boolean' | 'list';
type Answer = string | number;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const formOf = (value: string | number | boolean): Form =>
  typeof value === 'number' || typeof value === 'boolean' ? (typeof value as 'number' | 'boolean') : 'string';

/**
 * Writes answers into a JSON document. An answer that the document already contains is written with the same JSON text;
 * any other one in the JSON type that most existing values have.
 */
export class JsonAnswers {
  readonly #column: Pick<Column, 'form' | 'missing'>;
  readonly #texts = new Map<string, string>();
  readonly #forms = new Map<Form, number>();

  constructor(column: Pick<Column, 'form' | 'missing'>) {
    this.#column = column;
  }

  /** Records an existing value. @param text its JSON text */
  learn(text: string): void {
    const cell = cellOfJson(text);
    if (cell === null || isMissing(cell, this.#column)) return;
    const spelling = spellingOf(cell).trim();
    if (!this.#texts.has(spelling)) this.#texts.set(spelling, text);
    const form = text.startsWith('[') ? 'list' : formOf(cell);
    this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
  }

  /** JSON text of an answer. */
  write(answer: Answer): string {
    return this.#texts.get(spellingOf(answer)) ?? this.#inForm(answer);
  }

  #inForm(answer: Answer): string {
    const text = spellingOf(answer);
    switch (this.#usual()) {
      case 'list':
        return JSON.stringify([answer]);
      case 'number':
        return JSON_NUMBER.test(text) ? text : JSON.stringify(answer);
      case 'boolean':
        return text === 'true' || text === 'false' ? text : JSON.stringify(answer);
      case 'string':
        return JSON.stringify(writtenAnswer(this.#column, answer));
      case undefined:
        return JSON.stringify(answer);
    }
  }

  #usual(): Form | undefined {
    return [...this.#forms].reduce<[Form | undefined, number]>(
      (a, b) => (b[1] > a[1] ? b : a),
      [undefined, 0],
    )[0];
  }
}
