import { isSameAnswer } from '../../../../contracts/rules/correction.ts';
import type { Feedback, ResultItem } from '../../lib/api/types.ts';

/** The buyer's note on one item: the correct answer, or the reason of a refusal without one. */
export interface Note {
  expected?: string | number;
  reason?: string;
}
/** By item id. A Map, because an id may be `constructor`. */
export type Notes = ReadonlyMap<string, Note>;

/** The delivered answer; null if the buyer refused it. */
type Answered = ResultItem['prediction'] | undefined;

/** A refused item has no answer that a note could repeat. */
const isAnswered = (expected: string | number, prediction: Answered): boolean =>
  prediction !== null && prediction !== undefined && isSameAnswer(expected, prediction);

/** Whether a note has content: an answer other than the delivered one, or a reason. */
export const saysSomething = (note: Note | undefined, prediction: Answered): boolean =>
  note !== undefined &&
  ((note.expected !== undefined && note.expected !== '' && !isAnswered(note.expected, prediction)) ||
    Boolean(note.reason?.trim()));

export type Corrections = NonNullable<Feedback['corrections']>;

/** The notes as corrections of the feedback request, in the order of the items. */
export function correctionsOf(
  items: readonly Pick<ResultItem, 'id' | 'prediction'>[],
  notes: Notes,
): Corrections {
  return items.flatMap(({ id, prediction }) => {
    const note = notes.get(id);
    if (!note || !saysSomething(note, prediction)) return [];
    const { expected, reason } = note;
    return [
      {
        item_id: id,
        ...(expected !== undefined && expected !== '' && !isAnswered(expected, prediction) && { expected }),
        ...(reason?.trim() && { reason: reason.trim() }),
      },
    ];
  });
}

export function withNote(notes: Notes, id: string, note: Note | undefined): Notes {
  const next = new Map(notes);
  if (note) next.set(id, note);
  else next.delete(id);
  return next;
}

/** Notes and comment of the buyer that are not sent yet. */
export interface ReviewDraft {
  readonly notes: Notes;
  /** The dialog that is open. */
  readonly verdict: Feedback['verdict'] | null;
  /** 0: none. */
  readonly rating: number;
  readonly comment: string;
}

export const NO_REVIEW: ReviewDraft = { notes: new Map(), verdict: null, rating: 0, comment: '' };

/** The stored form: JSON has no maps. */
export const storedReview = (draft: ReviewDraft) => ({ ...draft, notes: [...draft.notes] });

function parseNote(value: unknown): Note {
  const { expected, reason } = value as Record<string, unknown>;
  return {
    ...((typeof expected === 'string' || typeof expected === 'number') && { expected }),
    ...(typeof reason === 'string' && { reason }),
  };
}

const isEntry = (value: unknown): value is [string, object] =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'object' && value[1] !== null;

export function parseReviewDraft(stored: unknown): ReviewDraft {
  if (typeof stored !== 'object' || stored === null) return NO_REVIEW;
  const { notes, verdict, rating, comment } = stored as Record<string, unknown>;
  return {
    notes: new Map(
      (Array.isArray(notes) ? notes : []).filter(isEntry).map(([id, note]) => [id, parseNote(note)]),
    ),
    verdict: verdict === 'accept' || verdict === 'reject' ? verdict : null,
    rating: typeof rating === 'number' ? rating : 0,
    comment: typeof comment === 'string' ? comment : '',
  };
}
