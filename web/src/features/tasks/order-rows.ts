import { isSure } from '../../../../contracts/rules/confidence.ts';
import { saysSomething, type Notes } from './review.ts';
import type { Row } from './use-rows.ts';

export interface View {
  order: 'task' | 'unsure' | 'sure';
  show: 'all' | 'unsure' | 'corrected';
  /** Show rows with this answer only; null shows all rows. */
  answer: string | null;
}

const confidence = ({ answer }: Row): number => answer.confidence ?? 1;

export function orderRows(rows: readonly Row[], notes: Notes, view: View): Row[] {
  const shown = rows.filter((row) => {
    if (view.answer !== null && String(row.answer.prediction) !== view.answer) return false;
    if (view.show === 'unsure') return !isSure(row.answer.confidence);
    if (view.show === 'corrected') return saysSomething(notes.get(row.answer.id), row.answer.prediction);
    return true;
  });
  if (view.order === 'task') return shown;
  const sign = view.order === 'unsure' ? 1 : -1;
  return shown.sort((a, b) => sign * (confidence(a) - confidence(b)));
}
