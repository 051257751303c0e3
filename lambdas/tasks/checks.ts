import type { Kind } from '../../contracts/entities/common.ts';
import type { ResultItem } from '../../contracts/entities/result.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';

/**
 * The automatic checks: whether answers may be delivered at all. A worker never grades itself; these look at form only.
 * @returns what is wrong, in sentences; empty when nothing is
 */
export function faultsOf(
  task: { readonly kind: Kind; readonly labels?: readonly string[] | undefined },
  wanted: readonly string[],
  given: readonly ResultItem[],
): string[] {
  const faults: string[] = [];
  const answered = new Set(given.map((item) => item.id));
  const missing = wanted.filter((id) => !answered.has(id));
  const known = new Set(wanted);
  const strange = given.filter((item) => !known.has(item.id));
  if (missing.length > 0) faults.push(`${missing.length} items have no answer, the first is ${missing[0]}`);
  if (strange.length > 0)
    faults.push(`${strange.length} answers belong to no item, the first is ${strange[0]?.id}`);
  if (answered.size !== given.length) faults.push('some items are answered twice');
  const labels = new Set(task.labels);
  for (const item of given) {
    const fault = faultOf(task.kind, labels, item.prediction);
    if (fault) faults.push(`item ${item.id}: ${fault}`);
    if (faults.length >= 20) break;
  }
  return faults;
}

function faultOf(kind: Kind, labels: ReadonlySet<string>, prediction: string | number): string | undefined {
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
