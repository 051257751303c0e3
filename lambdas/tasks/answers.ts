import type { Task } from '../../contracts/entities/task.ts';
import { MAX_NUMBER } from '../../contracts/limits.ts';
import { labelFinder } from '../../contracts/values/labels.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i;

/** An answer of a regression as its number, also where it was given as text; undefined where it is none. */
export function numberOf(answer: string | number): number | undefined {
  const text = typeof answer === 'string' ? answer.trim() : answer;
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
      return numberOf;
    case 'generation':
      return spellingOf;
  }
}
