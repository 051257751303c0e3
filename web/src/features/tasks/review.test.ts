import { expect, it } from 'vitest';
import { RESERVED_WORDS } from '../../../../test/support/hostile-names.ts';
import { orderRows, type View } from './order-rows.ts';
import { correctionsOf, NO_REVIEW, parseReviewDraft, storedReview, withNote, type Note } from './review.ts';

const notesOf = (notes: Record<string, Note>) => new Map(Object.entries(notes));

const items = [
  { id: 'a', prediction: 'spam' },
  { id: 'b', prediction: 'ham' },
  { id: 'c', prediction: 'ham' },
  { id: 'd', prediction: 4 },
];

it('sends notes that differ from the delivered answer or have a reason, in the order of the items', () => {
  const notes = notesOf({
    d: { expected: 0 },
    c: { reason: '  ' },
    b: { reason: ' neither ' },
    a: { expected: 'ham', reason: ' ' },
    x: { expected: 'of another result' },
  });
  expect(correctionsOf(items, notes)).toEqual([
    { item_id: 'a', expected: 'ham' },
    { item_id: 'b', reason: 'neither' },
    { item_id: 'd', expected: 0 },
  ]);
  expect(
    correctionsOf(items, notesOf({ a: { expected: 'spam' }, b: { expected: '' }, d: { expected: '4' } })),
  ).toEqual([]);
});

it('removes a note', () => {
  const notes = withNote(NO_REVIEW.notes, 'a', { expected: 'x' });
  expect([...notes]).toEqual([['a', { expected: 'x' }]]);
  expect(withNote(notes, 'a', undefined).size).toBe(0);
});

it.each(RESERVED_WORDS)('has no note on an item with the id %j until one is added', (id) => {
  const hostile = [{ id, prediction: 'spam' }];
  expect(correctionsOf(hostile, NO_REVIEW.notes)).toEqual([]);
  const notes = withNote(NO_REVIEW.notes, id, { expected: 'ham' });
  const draft = { ...NO_REVIEW, notes };
  const restored = parseReviewDraft(JSON.parse(JSON.stringify(storedReview(draft))));
  expect(restored).toEqual(draft);
  expect(correctionsOf(hostile, restored.notes)).toEqual([{ item_id: id, expected: 'ham' }]);
});

it('ignores stored records of another kind', () => {
  for (const stored of [undefined, null, 7, 'x', [], {}, { notes: { a: {} }, verdict: 'maybe', rating: '5' }])
    expect(parseReviewDraft(stored)).toEqual(NO_REVIEW);
  const notes = [['a', { expected: {}, reason: 1 }], ['b'], 7, [3, {}], ['c', { reason: 'no' }]];
  expect([...parseReviewDraft({ notes }).notes]).toEqual([
    ['a', {}],
    ['c', { reason: 'no' }],
  ]);
});

it('sorts and filters by confidence', () => {
  const row = (id: string, confidence: number, place: number) => ({
    answer: { id, prediction: place % 2 ? 'odd' : 'even', confidence },
    place,

    item: undefined,
  });
  const rows = [row('a', 0.9, 1), row('b', 0.4, 2), row('c', 0.69, 3)];
  const ids = (view: Partial<View>, notes: Record<string, Note> = {}) =>
    orderRows(rows, notesOf(notes), { order: 'task', show: 'all', answer: null, ...view }).map(
      ({ answer }) => answer.id,
    );
  expect(ids({ order: 'unsure' })).toEqual(['b', 'c', 'a']);
  expect(ids({ order: 'sure' })).toEqual(['a', 'c', 'b']);
  expect(ids({ show: 'unsure' })).toEqual(['b', 'c']);
  expect(ids({ show: 'corrected' }, { c: { expected: 'even' } })).toEqual(['c']);
  expect(ids({ answer: 'odd', order: 'unsure' })).toEqual(['c', 'a']);
  expect(rows.map(({ answer }) => answer.id)).toEqual(['a', 'b', 'c']);
});
