import { expect, it } from 'vitest';
import { refundSatoshis, refusedItems, settlementOf } from '../../../contracts/rules/refund.ts';

it('counts the corrected items of a rejection as refused, and none of an acceptance', () => {
  expect([refusedItems('reject', [1, 2]), refusedItems('accept', [1, 2])]).toEqual([2, 0]);
});

it.each([
  [100, 0, 'released'],
  [100, 100, 'refunded'],
  [100, 1, 'split'],
  [1, 0, 'released'],
])('settles %i satoshis with a refund of %i as %s', (price, refund, settlement) => {
  expect(settlementOf(price, refund)).toBe(settlement);
});

it.each([
  [100, 0, 3, 0],
  [100, 1, 3, 33],
  [100, 2, 3, 66],
  [100, 3, 3, 100],
  [100, 0, 0, 0],
])('refunds of %i satoshis, with %i of %i items refused, %i', (price, refused, items, refund) => {
  expect(refundSatoshis(price, refused, items)).toBe(refund);
});
