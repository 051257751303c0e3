import type { Kind } from '../../contracts/entities/common.ts';
import type { ResultItem } from '../../contracts/entities/result.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';

/**
 * Checks whether answers may be delivered: each item answered once, in the form of the task's kind. Quality is judged
 * by the buyer, never by the worker.
 * @param itemIds ids of the items to answer
 * @returns the faults as text, empty if there are none
 */
export function findFaults(
  task: { readonly kind: Kind; readonly labels?: readonly string[] | undefined },
  itemIds: readonly string[],
  answers: readonly ResultItem[],
): string[] {
  const faults: string[] = [];
  const answered = new Set(answers.map((item) => item.id));
  const missing = itemIds.filter((id) => !answered.has(id));
  const expected = new Set(itemIds);
  const unexpected = answers.filter((item) => !expected.has(item.id));
  if (missing.length > 0) faults.push(`${missing.length} items have no answer, the first is ${missing[0]}`);
  if (unexpected.length > 0)
    faults.push(`${unexpected.length} answers belong to no item, the first is ${unexpected[0]?.id}`);
  if (answered.size !== answers.length) faults.push('some items are answered twice');
  const labels = new Set(task.labels);
  for (const item of answers) {
    const fault = predictionFault(task.kind, labels, item.prediction);
    if (fault) faults.push(`item ${item.id}: ${fault}`);
    if (faults.length >= 20) break;
  }
  return faults;
}

/** Why a prediction cannot be delivered; undefined if it can. */
export function predictionFault(
  kind: Kind,
  labels: ReadonlySet<string>,
  prediction: string | number,
): string | undefined {
  switch (kind) {
    case 'classification':
      return labels.has(spellingOf(prediction))
        ? undefined
        : `"${spellingOf(prediction).slice(0, 80)}" is not one of the labels`;
    case 'regression':
      return typeof prediction === 'number' && Number.isFinite(prediction)
        ? undefined
        : 'the answer is not a finite number';
    case 'generation':
      return typeof prediction === 'string' && prediction.length <= LIMITS.answer.value
        ? undefined
        : 'the answer is not a text of at most 100,000 characters';
  }
}
