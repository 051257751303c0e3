import type { Feedback, ResultItem } from '../../lib/api/types.ts';

/** What the buyer has noted of one item: the right answer, or why it is refused without one. */
export interface Note {
  expected?: string | number;
  reason?: string;
}
export type Notes = Readonly<Record<string, Note>>;

/** What was answered; null where the buyer refused it. */
type Answered = ResultItem['prediction'] | undefined;

/** A note that says something: another answer than the delivered one, or a reason. */
export const saysSomething = (note: Note | undefined, prediction: Answered): boolean =>
  note !== undefined &&
  ((note.expected !== undefined && note.expected !== '' && note.expected !== prediction) ||
    Boolean(note.reason?.trim()));

type Corrections = Feedback['corrections'];

/** The notes as the feedback wants them, in the order of the items. */
export function correctionsOf(
  items: readonly Pick<ResultItem, 'id' | 'prediction'>[],
  notes: Notes,
): Corrections {
  return items.flatMap(({ id, prediction }) => {
    const note = notes[id];
    if (!note || !saysSomething(note, prediction)) return [];
    const { expected, reason } = note;
    return [
      {
        item_id: id,
        ...(expected !== undefined && expected !== '' && expected !== prediction && { expected }),
        ...(reason?.trim() && { reason: reason.trim() }),
      },
    ];
  });
}

export const withNote = (notes: Notes, id: string, note: Note | undefined): Notes => {
  const { [id]: _, ...others } = notes;
  return note ? { ...others, [id]: note } : others;
};
