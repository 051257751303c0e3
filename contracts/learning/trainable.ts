import type { Kind } from '../entities/common.ts';
import { LIMITS, MAX_NUMBER, MAX_STORED_LABEL } from '../limits.ts';
import { comparable } from '../values/comparable.ts';
import { spellingOf } from '../values/spelling.ts';

/**
 * Why `answer` cannot be learned as the correct answer of a task of this kind; undefined if it can. New answers with
 * a fault are rejected with 422; stored ones are skipped. `answer_fault` in model/dukemm/contract/trainable.py is the
 * same rule; test/contract/trainable.json holds cases for both.
 * @param labels of the task; empty if it names none
 */
export function answerFault(
  kind: Kind,
  labels: readonly string[],
  answer: string | number,
): string | undefined {
  if (typeof answer === 'number' && !(Math.abs(answer) <= MAX_NUMBER)) return BEYOND;
  if (kind === 'regression') return typeof answer === 'number' ? undefined : 'the answer is no number';
  const text = spellingOf(answer);
  if (comparable(text) === '') return 'the answer is empty';
  if (!text.isWellFormed() || text.includes('\0')) return 'the answer is no well-formed text';
  if (kind === 'generation') return longerThan(text, LIMITS.answer.value);
  if (labels.length > 0 && !labels.includes(text)) return 'the answer is none of the labels';
  return longerThan(text, MAX_STORED_LABEL);
}

const BEYOND = `the answer is beyond ±${MAX_NUMBER.toExponential().replace('+', '')}`;

const longerThan = (text: string, most: number): string | undefined =>
  [...text].length > most ? `the answer has more than ${most} characters` : undefined;
