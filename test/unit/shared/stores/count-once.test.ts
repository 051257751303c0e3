import { describe, expect, it } from 'vitest';
import { countOnce, writeCount } from '../../../../lambdas/shared/stores/count-once.ts';
import type { CountOutcome } from '../../../../lambdas/shared/stores/count-once.ts';
import { memoryTable } from '../../support/memory-table.ts';

const tasks = ['a', 'b', 'c'].map((task_id) => ({ task_id }));

/** Answers one outcome per attempt and keeps the tasks of each. */
function scripted(outcomes: readonly CountOutcome[]) {
  const attempts: string[][] = [];
  return {
    attempts,
    count: async (uncounted: readonly { task_id: string }[]) => {
      attempts.push(uncounted.map(({ task_id }) => task_id));
      return outcomes[attempts.length - 1] ?? 'stale';
    },
  };
}

describe('tasks are counted once', () => {
  it('all in one attempt', async () => {
    const { attempts, count } = scripted(['written']);
    await countOnce(tasks, count, { attempts: 3, counter: 'x' });
    expect(attempts).toEqual([['a', 'b', 'c']]);
  });

  it('again after a lost race, without those already counted', async () => {
    const { attempts, count } = scripted(['stale', { counted: ['b'] }, 'written']);
    await countOnce(tasks, count, { attempts: 3, counter: 'x' });
    expect(attempts).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], ['a', 'c']]); // prettier-ignore
  });

  it('with no further attempt if all were counted already, or there are none', async () => {
    const { attempts, count } = scripted([{ counted: ['a', 'b', 'c'] }]);
    await countOnce(tasks, count, { attempts: 1, counter: 'x' });
    await countOnce([], count, { attempts: 1, counter: 'x' });
    expect(attempts).toHaveLength(1);
  });

  it('or not at all after the maximum of lost races', async () => {
    const { attempts, count } = scripted([]);
    await expect(countOnce(tasks, count, { attempts: 3, counter: 'the count' })).rejects.toThrow(
      'the count was changed by other writers 3 times in a row',
    );
    expect(attempts).toHaveLength(3);
  });
});

describe('one attempt', () => {
  const marker = (task_id: string) => ({ task_id, put: { pk: `TASK#${task_id}`, sk: 'MARKER' } });
  const counter = (revision: number) => ({ put: { pk: 'COUNTER', sk: 'COUNTER', revision }, revision });
  const other = { put: { pk: 'OTHER', sk: 'OTHER' }, when: [{ attribute: 'pk', is: 'absent' }] } as const;

  it('writes counter, markers and other steps, or reports the tasks counted before, or a stale read', async () => {
    const table = memoryTable();
    expect(await writeCount(table, counter(1), [marker('a'), marker('b')], [other])).toBe('written');
    expect(table.items.size).toBe(4);
    expect(await writeCount(table, counter(2), [marker('b'), marker('c')], [])).toEqual({ counted: ['b'] });
    expect(await writeCount(table, counter(1), [marker('c')], [])).toBe('stale');
    expect(await writeCount(table, counter(3), [marker('c')], [])).toBe('stale');
    expect(await writeCount(table, counter(2), [marker('c')], [other])).toBe('stale');
    expect(table.items.size).toBe(4);
    expect(await writeCount(table, counter(2), [marker('c')], [])).toBe('written');
  });
});
