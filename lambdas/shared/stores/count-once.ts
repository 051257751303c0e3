import { retry, RetryableError } from '../retry.ts';
import { ConditionFailed } from './table.ts';
import type { Put, Table, TransactionStep } from './table.ts';

/**
 * Outcome of one attempt to count a batch of tasks. Unless it is 'written', nothing was: 'stale' when the counter changed
 * since it was read, otherwise the tasks that had been counted before.
 */
export type CountOutcome = 'written' | 'stale' | { readonly counted: readonly string[] };

interface CountedTask {
  readonly task_id: string;
}

/**
 * One transaction: the counter at its next revision, one marker per task that exists only once the task is counted, and
 * what else changes with the count.
 */
export async function writeCount(
  table: Table,
  counter: Put & { readonly revision: number },
  markers: readonly (Put & CountedTask)[],
  others: readonly TransactionStep[],
): Promise<CountOutcome> {
  const previous = counter.revision - 1;
  const absent = [{ attribute: 'pk', is: 'absent' }] as const;
  try {
    await table.transact([
      {
        put: counter.put,
        when: previous === 0 ? absent : [{ attribute: 'revision', is: 'equal', value: previous }],
      },
      ...markers.map(({ put }) => ({ put, when: absent })),
      ...others,
    ]);
    return 'written';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // Step 0 is the counter; the markers follow.
    const counted = error.failed.flatMap((step) => markers[step - 1]?.task_id ?? []);
    return counted.length > 0 ? { counted } : 'stale';
  }
}

/**
 * Counts each task once under optimistic locking: reads and writes again, without the tasks that turn out to be counted
 * already, until one attempt is written.
 * @param count reads the counter and tries to write it with these tasks
 * @throws RetryableError after `attempts` lost races
 */
export async function countOnce<T extends CountedTask>(
  tasks: readonly T[],
  count: (uncounted: readonly T[]) => Promise<CountOutcome>,
  { attempts, counter }: { readonly attempts: number; readonly counter: string },
): Promise<void> {
  let uncounted = tasks;
  await retry(
    async () => {
      if (uncounted.length === 0) return;
      const outcome = await count(uncounted);
      if (outcome === 'written') return;
      if (outcome !== 'stale') {
        const counted = new Set(outcome.counted);
        uncounted = uncounted.filter(({ task_id }) => !counted.has(task_id));
        if (uncounted.length === 0) return;
      }
      throw new RetryableError(`${counter} was changed by other writers ${attempts} times in a row`);
    },
    { attempts },
  );
}
