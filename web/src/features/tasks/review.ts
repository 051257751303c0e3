import { isSameAnswer } from '../../../../contracts/rules/correction.ts';
import type { Feedback, ResultItem } from '../../lib/api/types.ts';

/** What the buyer has noted of one item: the right answer, or why it is refused without one. */
export interface Note {
  expected?: string | number;
  reason?: string;
}
/** By id of the item. A map: an id may be `constructor`. */
export type Notes = ReadonlyMap<string, Note>;

/** What was answered; null if the buyer refused it. */
type Answered = ResultItem['prediction'] | undefined;

/** An item whose answer was refused has none that a note could repeat. */
const isAnswered = (expected: string | number, prediction: Answered): boolean =>
  prediction !== null && prediction !== undefined && isSameAnswer(expected, prediction);

/** A note that says something: another answer than the delivered one, or a reason. */
export const saysSomething = (note: Note | undefined, prediction: Answered): boolean =>
  note !== undefined &&
  ((note.expected !== undefined && note.expected !== '' && !isAnswered(note.expected, prediction)) ||
    Boolean(note.reason?.trim()));

export type Corrections = NonNullable<Feedback['corrections']>;

/** The notes as the feedback wants them, in the order of the items. */
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

/** What the buyer has noted and begun to say, before it is sent. */
export interface ReviewDraft {
  readonly notes: Notes;
  /** The dialog that is open. */
  readonly verdict: Feedback['verdict'] | null;
  /** 0: none. */
  readonly rating: number;
  readonly comment: string;
}

export const NO_REVIEW: ReviewDraft = { notes: new Map(), verdict: null, rating: 0, comment: '' };

/** As it is stored: JSON has no maps. */
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
