import type { Correction, Result, ResultItem } from '../../../contracts/entities/result.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import type { TrainingExample } from '../../../contracts/entities/training.ts';
import { isSure } from '../../../contracts/rules/confidence.ts';
import type { ItemPayload } from '../../../contracts/serving/invocation.ts';

/** Weight of a label from a result that was accepted automatically; an explicit verdict has weight 1. */
export const SILENT_WEIGHT = 0.5;

type Judged = Exclude<Result, { verdict: 'pending' }>;
type Label = Pick<TrainingExample, 'expected' | 'success' | 'label_source' | 'weight'>;

/** Training examples of a judged result, one per item: the item, the answer, and the right answer if it is known. */
export function outcomesOf(
  task: Task,
  result: Judged,
  items: readonly ItemPayload[],
  answers: readonly ResultItem[],
  corrections: readonly Correction[],
): TrainingExample[] {
  const priceOf = itemPrices(task, result);
  const answerOf = new Map(answers.map((answer) => [answer.id, answer]));
  const correctionOf = new Map(corrections.map((correction) => [correction.item_id, correction]));
  return items.map((item) => {
    const answer = answerOf.get(item.id);
    if (!answer) throw new Error(`item ${item.id} of task ${task.id} has no answer`);
    return {
      id: `${result.id}#${item.id}`,
      task_id: task.id,
      result_id: result.id,
      buyer_id: task.buyer_id,
      family: task.family,
      kind: task.kind,
      description: task.description,
      ...(task.labels && { labels: task.labels }),
      ...(task.target !== undefined && { target: task.target }),
      item,
      ...labelOf(result, answer, correctionOf.get(item.id)),
      prediction: answer.prediction,
      confidence: answer.confidence ?? null,
      agent_name: answer.answered_by ?? result.agent_name,
      ...(result.model_version !== undefined &&
        (answer.answered_by === undefined || answer.answered_by === result.agent_name) && {
          model_version: result.model_version,
        }),
      created_at: result.judged_at,
      price_satoshis: priceOf(answer),
    };
  });
}

/** What an item costs: its share of the price of whoever answered it, the agent or the reviewer of unsure answers. */
function itemPrices(task: Task, result: Judged): (answer: ResultItem) => number {
  const reviewed = result.review_item_count ?? 0;
  const reviewPrice = result.reviewer_id === undefined ? 0 : (task.review_price_satoshis ?? 0);
  const own = (task.price_satoshis - reviewPrice) / Math.max(1, result.item_count - reviewed);
  const review = reviewPrice / Math.max(1, reviewed);
  return ({ answered_by }) => (answered_by === undefined || answered_by === result.agent_name ? own : review);
}

function labelOf(result: Judged, answer: ResultItem, correction: Correction | undefined): Label {
  if (correction?.expected !== undefined) {
    return { expected: correction.expected, success: false, label_source: 'correction', weight: 1 };
  }
  if (correction) return { success: false, label_source: 'refused', weight: 1 };
  if (result.verdict === 'auto_accepted') {
    return {
      expected: answer.prediction,
      success: true,
      label_source: 'auto_accepted',
      weight: isSure(answer.confidence) ? SILENT_WEIGHT : 0,
    };
  }
  return { expected: answer.prediction, success: true, label_source: 'accepted', weight: 1 };
}
