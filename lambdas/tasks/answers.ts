import type { NumberForm } from '../../contracts/entities/column.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { MAX_NUMBER } from '../../contracts/limits.ts';
import { labelFinder } from '../../contracts/values/labels.ts';
import { parseNumber } from '../../contracts/values/number-form.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i;

/**
 * Parses a regression answer, given as a number or as text. Undefined if it is not a number.
 * @param form number format of the column, for answers given as text
 */
export function numberOf(answer: string | number, form?: NumberForm): number | undefined {
  const text = typeof answer === 'string' ? answer.trim() : answer;
  if (typeof text === 'string' && form) return parseNumber(text, form);
  if (typeof text === 'string' && !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= MAX_NUMBER ? value : undefined;
}

/**
 * Returns a function that normalizes answers for the model: the task's spelling of a label (classification), a number
 * (regression) or text (generation). It returns undefined for what is not an answer to this task.
 */
export function answerReader({
  kind,
  labels,
}: Pick<Task, 'kind' | 'labels'>): (answer: string | number) => string | number | undefined {
  switch (kind) {
    case 'classification':
      return labelFinder(labels ?? []);
    case 'regression':
      return (answer) => numberOf(answer);
    case 'generation':
      return spellingOf;
  }
}
