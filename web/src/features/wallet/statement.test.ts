import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../lib/api/types.ts';
import { statementOf } from './statement.ts';

const TASK = '018f0000-0000-7000-8000-0000000000aa';
const entry = (
  kind: LedgerEntry['kind'],
  account: LedgerEntry['account'],
  amount_satoshis: number,
  day: number,
  task_id?: string,
): LedgerEntry => ({
  id: `${kind}:${account}:${day}`,
  movement_id: `${kind}:${day}`,
  ...{ kind, account, amount_satoshis },
  created_at: `2026-11-${String(day).padStart(2, '0')}T08:00:00.000Z`,
  ...(task_id !== undefined && { task_id }),
});
const hold = [entry('hold', 'held', 200, 1, TASK), entry('hold', 'available', -200, 1, TASK)];
const shown = (entries: readonly LedgerEntry[]) =>
  statementOf(entries).map(({ what, price, held, paid, returned, change }) => ({
    ...{ what, price, held, paid, returned, change },
  }));

it('shows a task whose price is in escrow', () => {
  expect(shown(hold)).toEqual([{ what: 'task', price: 200, held: 200, paid: 0, returned: 0, change: -200 }]);
});

it.each([
  ['accepted', [entry('release', 'held', -200, 2, TASK)], { paid: 200, returned: 0, change: -200 }],
  [
    'rejected in part',
    [entry('split', 'available', 50, 2, TASK), entry('split', 'held', -200, 2, TASK)],
    { paid: 150, returned: 50, change: -150 },
  ],
  [
    'cancelled',
    [entry('refund', 'available', 200, 2, TASK), entry('refund', 'held', -200, 2, TASK)],
    { paid: 0, returned: 200, change: 0 },
  ],
])('shows one line for a task that was %s, also while its hold is not loaded', (_, settled, expected) => {
  const line = { what: 'task', price: 200, held: 0, ...expected };
  expect(shown([...settled, ...hold])).toEqual([line]);
  expect(shown(settled)).toEqual([line]);
});

it('shows earnings, deposits and withdrawals, newest first', () => {
  const other = '018f0000-0000-7000-8000-0000000000bb';
  const lines = statementOf([
    entry('withdrawal', 'available', -30, 5),
    entry('release', 'available', 140, 4, other),
    entry('deposit', 'available', 500, 3),
  ]);
  expect(lines.map(({ what, change, taskId }) => [what, change, taskId])).toEqual([
    ['withdrawal', -30, undefined],
    ['work', 140, other],
    ['deposit', 500, undefined],
  ]);
});

it('has the same sum as the entries', () => {
  const entries = [entry('release', 'held', -200, 2, TASK), ...hold, entry('deposit', 'available', 500, 1)];
  const balance = entries
    .filter(({ account }) => account === 'available')
    .reduce((sum, { amount_satoshis }) => sum + amount_satoshis, 0);
  expect(statementOf(entries).reduce((sum, { change }) => sum + change, 0)).toBe(balance);
});
