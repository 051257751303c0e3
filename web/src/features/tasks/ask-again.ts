import type { Task } from '../../lib/api/types.ts';
import type { SavedStore } from '../../lib/saved/saved-store.ts';
import { DRAFT_NAME } from './draft-keeper.ts';
import { labelFieldsOf } from './label-options.ts';
import { newDraft, parseDraft, type SavedDraft } from './saved-draft.ts';

const HOUR_MS = 3_600_000;

/** Hours of the review; undefined for a task without a result. */
const reviewHours = ({ completed_at, review_until }: Task): number | undefined =>
  completed_at === undefined || review_until === undefined
    ? undefined
    : Math.round((Date.parse(review_until) - Date.parse(completed_at)) / HOUR_MS);

/** A draft with the question and settings of a task, without its data. */
export function draftLike(task: Task): SavedDraft {
  const draft = newDraft();
  return {
    ...draft,
    values: {
      ...draft.values,
      source: task.files.length > 0 ? 'files' : 'text',
      description: task.description,
      complexity: task.complexity,
      target: task.target ?? null,
      kind: task.kind,
      labels: [...(task.labels ?? [])],
      ...labelFieldsOf(task),
      output_columns: [...(task.output_columns ?? [])],
      missing: task.missing ? [...task.missing] : null,
      allow_training: task.allow_training,
      review_below: task.review_below === undefined ? '' : String(task.review_below),
      review_window_hours: reviewHours(task) ?? draft.values.review_window_hours,
    },
  };
}

/** Whether the user has begun another task that is not posted. */
export function hasBegunDraft(store: SavedStore, userId: string): boolean {
  const draft = parseDraft(store.read(userId, DRAFT_NAME));
  if (!draft || draft.posted !== undefined) return false;
  return draft.files.length > 0 || draft.values.description.trim() !== '' || draft.values.text.trim() !== '';
}

export const saveDraft = (store: SavedStore, userId: string, draft: SavedDraft): void =>
  void store.write(userId, DRAFT_NAME, draft);
