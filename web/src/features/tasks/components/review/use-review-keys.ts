import { useHotkeys } from '@mantine/hooks';
import type { Task } from '../../../../lib/api/types.ts';
import { isSameAnswer } from '../../../../../../contracts/rules/correction.ts';
import type { Note } from '../../review.ts';
import type { Row } from '../../use-rows.ts';

export const KEYED_LABELS = 9;

export const REVIEW_HINTS = [
  { keys: ['J', 'K'], does: 'Next and previous answer' },
  { keys: ['1', '…', '9'], does: 'Answer with this label, and go on' },
  { keys: ['Enter'], does: 'Edit the answer' },
  { keys: ['R'], does: 'Refuse the answer' },
  { keys: ['U'], does: 'Put the delivered answer back' },
];

interface Options {
  readonly task: Pick<Task, 'kind' | 'labels'>;
  readonly row: Row | undefined;
  /** Opens the row that many places further down. */
  readonly onMove: (step: number) => void;
  readonly onNote: ((id: string, note: Note | undefined) => void) | undefined;
  /** Moves the focus into the field of the open answer. */
  readonly onEdit: () => void;
}

/** The keys of the review; none of them works while somebody types in a field. */
export function useReviewKeys({ task, row, onMove, onNote, onEdit }: Options): void {
  const label = (place: number) => {
    const expected = task.kind === 'classification' ? task.labels?.[place] : undefined;
    if (!row || !onNote || expected === undefined) return;
    const { id, prediction } = row.answer;
    const right = prediction !== null && isSameAnswer(expected, prediction);
    onNote(id, right ? undefined : { expected });
    onMove(1);
  };
  useHotkeys([
    ['j', () => onMove(1)],
    ['k', () => onMove(-1)],
    ['Enter', onEdit, { preventDefault: false }],
    ['u', () => row && onNote?.(row.answer.id, undefined)],
    ['r', () => row && onNote?.(row.answer.id, { reason: '' })],
    ...Array.from({ length: KEYED_LABELS }, (_, i): [string, () => void] => [String(i + 1), () => label(i)]),
  ]);
}
