import { isSure } from '../../../../contracts/rules/confidence.ts';
import { saysSomething, type Notes } from './review.ts';
import type { Row } from './use-rows.ts';

export interface View {
  /** `answer`: equal answers together, the least sure of each first. */
  order: 'unsure' | 'answer' | 'task' | 'sure';
  show: 'all' | 'unsure' | 'corrected';
  /** Show rows with this answer only; null shows all rows. */
  answer: string | null;
}

const confidence = ({ answer }: Row): number => answer.confidence ?? 1;
const byDoubt = (a: Row, b: Row): number => confidence(a) - confidence(b);
const byAnswer = (a: Row, b: Row): number =>
  String(a.answer.prediction).localeCompare(String(b.answer.prediction), undefined, { numeric: true });

const COMPARE: Record<Exclude<View['order'], 'task'>, (a: Row, b: Row) => number> = {
  unsure: byDoubt,
  sure: (a, b) => byDoubt(b, a),
  answer: (a, b) => byAnswer(a, b) || byDoubt(a, b),
};

export function orderRows(rows: readonly Row[], notes: Notes, view: View): Row[] {
  const shown = rows.filter((row) => {
    if (view.answer !== null && String(row.answer.prediction) !== view.answer) return false;
    if (view.show === 'unsure') return !isSure(row.answer.confidence);
    if (view.show === 'corrected') return saysSomething(notes.get(row.answer.id), row.answer.prediction);
    return true;
  });
  return view.order === 'task' ? shown : shown.sort(COMPARE[view.order]);
}

/** Answers of low confidence that the buyer has neither corrected nor refused. */
export const unsureRows = (rows: readonly Row[], notes: Notes): number =>
  rows.filter(
    ({ answer }) => !isSure(answer.confidence) && !saysSomething(notes.get(answer.id), answer.prediction),
  ).length;
