// @vitest-environment jsdom
import { expect, it } from 'vitest';
import type { Task } from '../../lib/api/types.ts';
import { createSavedStore, shelfInMemory } from '../../lib/saved/saved-store.ts';
import { draftLike, hasBegunDraft, saveDraft } from './ask-again.ts';
import { parseDraft } from './saved-draft.ts';

const task = {
  ...{ description: 'Spam?', complexity: 2, kind: 'classification', labels: ['ham', 'spam'] },
  ...{ output_columns: ['confidence'], label_descriptions: { spam: 'advertising' } },
  ...{ class_weight: { spam: 5 } },
  ...{ target: 'label', files: ['f'], allow_training: false, review_below: 0.8 },
  ...{ completed_at: '2026-03-01T12:00:00.000Z', review_until: '2026-03-03T12:00:00.000Z' },
} as unknown as Task;

const store = () => createSavedStore(shelfInMemory());

it('a new draft has the question and settings of the task, and none of its data', () => {
  const draft = draftLike(task);
  expect(draft.values).toMatchObject({
    ...{ source: 'files', description: 'Spam?', complexity: 2, target: 'label', labels: ['ham', 'spam'] },
    ...{ kind: 'classification', allow_training: false, review_below: '0.8', review_window_hours: 48 },
  });
  expect(draft.files).toEqual([]);
  expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  expect(draft.values).toMatchObject({
    ...{ output_columns: ['confidence'], label_descriptions: { spam: 'advertising' } },
    ...{ class_weight: 'costs', label_costs: { spam: 5 } },
  });
  expect(draftLike({ ...task, class_weight: 'balanced' }).values).toMatchObject({
    ...{ class_weight: 'balanced', label_costs: {} },
  });
  const { review_until: _until, ...failed } = task;
  expect(draftLike(failed).values).toMatchObject({ review_window_hours: 24 });
  expect(draftLike({ ...task, files: [] }).values).toMatchObject({ source: 'text', text: '' });
});

it('a draft that was begun is noticed before it is replaced', () => {
  const saved = store();
  saved.open('me');
  expect(hasBegunDraft(saved, 'me')).toBe(false);
  saveDraft(saved, 'me', draftLike({ ...task, description: ' ' }));
  expect(hasBegunDraft(saved, 'me')).toBe(false);
  saveDraft(saved, 'me', draftLike(task));
  expect(hasBegunDraft(saved, 'me')).toBe(true);
  expect(hasBegunDraft(saved, 'somebody else')).toBe(false);
  saveDraft(saved, 'me', { ...draftLike(task), posted: 't' });
  expect(hasBegunDraft(saved, 'me')).toBe(false);
});
