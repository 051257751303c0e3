import { expect, it } from 'vitest';
import { ApiError, localProblem } from '../../lib/api/problem.ts';
import {
  itemErrors,
  nextUnanswered,
  unsentAnswers,
  withAnswer,
  withSent,
  WORK_ANSWERS,
  type WorkAnswers,
} from './work-answers.ts';

const items = [{ id: 'a' }, { id: 'constructor' }, { id: 'c' }];
const answers: WorkAnswers = new Map([
  ['a', { prediction: 'x', sent: true as const }],
  ['c', { prediction: 3, unsure: true as const }],
]);

it('sends unsaved answers, and marks those that the agent is unsure of', () => {
  expect(unsentAnswers(items, answers)).toEqual([{ id: 'c', prediction: 3, confidence: 0.5 }]);
  const changed = withAnswer(answers, 'a', { prediction: 'y' });
  expect(unsentAnswers(items, changed).map(({ id }) => id)).toEqual(['a', 'c']);
});

it('does not mark answers as sent that changed during the request', () => {
  const sent = withSent(withAnswer(answers, 'c', { prediction: 4 }), [
    { id: 'c', prediction: 3 },
    { id: 'gone', prediction: 1 },
  ]);
  expect(sent.get('c')).toEqual({ prediction: 4 });
  expect(sent.has('gone')).toBe(false);
});

it('splits long answers into requests within the limit, with at least one answer each', () => {
  const long = new Map(items.map(({ id }) => [id, { prediction: 'x'.repeat(200_000) }]));
  const first = unsentAnswers(items, long);
  expect(first.map(({ id }) => id)).toEqual(['a']);
  expect(unsentAnswers(items, withSent(long, first)).map(({ id }) => id)).toEqual(['constructor']);
});

it('finds the next item without an answer, also before the current one', () => {
  expect(nextUnanswered(items, answers, 2)).toBe(1);
  expect(nextUnanswered(items, answers, 1)).toBe(1);
  expect(nextUnanswered(items, new Map(items.map(({ id }) => [id, { prediction: 1 }])), 0)).toBe(-1);
  expect(nextUnanswered([], new Map(), 0)).toBe(-1);
});

it('maps each rejection to the item that was sent', () => {
  const problem = {
    ...localProblem(422, 'validation_failed', 'No', 'No'),
    errors: [
      { path: 'items.1.prediction', message: 'no label' },
      { path: 'items.9.prediction', message: 'nobody' },
      { path: 'success', message: 'else' },
    ],
  };
  const sent = [{ id: 'c' }, { id: 'constructor' }];
  expect([...itemErrors(new ApiError(problem), sent)]).toEqual([['constructor', 'no label']]);
  expect(itemErrors(new Error('offline'), sent).size).toBe(0);
});

it('reads valid stored answers only', () => {
  const stored: unknown = JSON.parse(JSON.stringify(WORK_ANSWERS.serialize(answers)));
  expect(WORK_ANSWERS.parse(stored)).toEqual(answers);
  for (const wrong of [undefined, null, 'x', [['a']], [['a', null]], [[1, { prediction: 'x' }]], [['a', {}]]])
    expect(WORK_ANSWERS.parse(wrong).size).toBe(0);
});
