import { expect, it } from 'vitest';
import { orderRows, type View } from './order-rows.ts';
import { correctionsOf, withNote, type Notes } from './review.ts';

const items = [
  { id: 'a', prediction: 'spam' },
  { id: 'b', prediction: 'ham' },
  { id: 'c', prediction: 'ham' },
  { id: 'd', prediction: 4 },
];

it('sends what differs from the delivered answer or has a reason, in the order of the items', () => {
  const notes: Notes = {
    d: { expected: 0 },
    c: { reason: '  ' },
    b: { reason: ' neither ' },
    a: { expected: 'ham', reason: ' ' },
    x: { expected: 'of another result' },
  };
  expect(correctionsOf(items, notes)).toEqual([
    { item_id: 'a', expected: 'ham' },
    { item_id: 'b', reason: 'neither' },
    { item_id: 'd', expected: 0 },
  ]);
  expect(correctionsOf(items, { a: { expected: 'spam' }, b: { expected: '' } })).toEqual([]);
});

it('takes a note back', () => {
  const notes = withNote({}, 'a', { expected: 'x' });
  expect(notes).toEqual({ a: { expected: 'x' } });
  expect(withNote(notes, 'a', undefined)).toEqual({});
});

it('orders and filters by how sure an answer is', () => {
  const row = (id: string, confidence: number, place: number) => ({
    answer: { id, prediction: place % 2 ? 'odd' : 'even', confidence },
    place,
    fields: undefined,
    files: {},
  });
  const rows = [row('a', 0.9, 1), row('b', 0.4, 2), row('c', 0.69, 3)];
  const ids = (view: Partial<View>, notes: Notes = {}) =>
    orderRows(rows, notes, { order: 'task', show: 'all', answer: null, ...view }).map(
      ({ answer }) => answer.id,
    );
  expect(ids({ order: 'unsure' })).toEqual(['b', 'c', 'a']);
  expect(ids({ order: 'sure' })).toEqual(['a', 'c', 'b']);
  expect(ids({ show: 'unsure' })).toEqual(['b', 'c']);
  expect(ids({ show: 'corrected' }, { c: { expected: 'even' } })).toEqual(['c']);
  expect(ids({ answer: 'odd', order: 'unsure' })).toEqual(['c', 'a']);
  expect(rows.map(({ answer }) => answer.id)).toEqual(['a', 'b', 'c']);
});
