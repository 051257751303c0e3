import { expect, it } from 'vitest';
import type { LedgerEntry, Task } from '../../lib/api/types.ts';
import { isSettled, receiptOf, receiptRows } from './receipt.ts';

const task = {
  id: 't',
  description: 'Spam?',
  created_at: '2026-03-01T12:00:00.000Z',
  assigned_agent: 'duke-mm',
  model_version: '3',
  item_count: 10,
  files: ['f'],
} as Task;
const entry = (kind: LedgerEntry['kind'], account: string, amount_satoshis: number, minute: number) =>
  ({
    ...{ kind, account, amount_satoshis, task_id: 't', movement_id: `${kind}${minute}` },
    created_at: `2026-03-01T12:0${minute}:00.000Z`,
  }) as LedgerEntry;
const held = [entry('hold', 'available', -1000, 0), entry('hold', 'held', 1000, 0)];
const files = [{ filename: 'mails.csv', sha256: 'abc' }];

it('states what the ledger has moved: what was paid and what came back', () => {
  const entries = [...held, entry('release', 'held', -1000, 5), entry('release', 'available', 200, 5)];
  expect(receiptOf(task, entries, files)).toMatchObject({
    priceSatoshis: 1000,
    paidSatoshis: 800,
    returnedSatoshis: 200,
    settledAt: '2026-03-01T12:05:00.000Z',
    payees: [{ name: 'duke-mm (version 3)', items: 10 }],
  });
});

it('counts a reduced price and a refund as returned', () => {
  const reduced = [entry('refund', 'held', -300, 2), entry('refund', 'available', 300, 2)];
  const refunded = [entry('refund', 'held', -700, 4), entry('refund', 'available', 700, 4)];
  expect(receiptOf(task, [...held, ...reduced, ...refunded], [])).toMatchObject({
    paidSatoshis: 0,
    returnedSatoshis: 1000,
  });
});

it('names the reviewer of unsure items beside the agent', () => {
  const reviewed = { ...task, review_state: 'answered', reviewer: 'ann', review_item_count: 3 } as Task;
  expect(receiptOf(reviewed, held, []).payees).toEqual([
    { name: 'duke-mm (version 3)', items: 7 },
    { name: 'ann', items: 3 },
  ]);
});

it('is downloaded with amounts as numbers and the hash of each file', () => {
  const rows = receiptRows(receiptOf(task, held, [...files, { filename: 'gone', sha256: undefined }]));
  expect(rows).toContainEqual(['price in satoshis', 1000]);
  expect(rows).toContainEqual(['SHA-256 of mails.csv', 'abc']);
  expect(rows.at(-1)).toEqual(['SHA-256 of gone', 'deleted']);
});

it('exists once the money has moved', () => {
  expect(
    (['held', 'released', 'split', 'refunded'] as const).map((settlement) => isSettled({ settlement })),
  ).toEqual([false, true, true, true]);
});
