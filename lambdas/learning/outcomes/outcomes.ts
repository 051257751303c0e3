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
    };
  });
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
