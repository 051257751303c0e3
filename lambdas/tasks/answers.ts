import type { NumberForm } from '../../contracts/entities/column.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { MAX_NUMBER } from '../../contracts/limits.ts';
import { labelFinder } from '../../contracts/values/labels.ts';
import { parseNumber } from '../../contracts/values/number-form.ts';
import { rounded } from '../../contracts/values/rounded.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i;

/**
 * An answer of a regression as its number, also where it was given as text; undefined where it is none.
 * @param form how the numbers that come with it are written, where they are texts
 */
export function numberOf(answer: string | number, form?: NumberForm): number | undefined {
  const text = typeof answer === 'string' ? answer.trim() : answer;
  if (typeof text === 'string' && form) return parseNumber(text, form);
  if (typeof text === 'string' && !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= MAX_NUMBER ? value : undefined;
}

/**
 * Answers in the form that the model compares: the label itself in a classification, however the example spells it; a
 * number in a regression; else a text. Undefined for what is no answer of this task.
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

/**
 * Answers as they are delivered: numbers with as many decimals as the examples have, whole ones where those are whole, so
 * that the page, the API and the file say the same. Intervals say how sure the model is, and stay as they are.
 */
export function delivered<T extends { readonly prediction: string | number }>(
  { answer_form: form }: Pick<Task, 'answer_form'>,
  answers: readonly T[],
): T[] {
  if (!form) return [...answers];
  return answers.map((answer) =>
    typeof answer.prediction === 'number'
      ? { ...answer, prediction: rounded(answer.prediction, form.decimals) }
      : answer,
  );
}
