import { expect, it } from 'vitest';
import { leaseAt } from './lease.ts';

const deadline = '2026-11-30T12:00:00.000Z';
const before = (ms: number) => leaseAt(deadline, Date.parse(deadline) - ms);

it.each([
  [23 * 3_600_000 + 5 * 60_000, '23 h 5 min left', false],
  [3_600_000, '1 h 0 min left', false],
  [3_600_000 - 1, '59 min left', true],
  [60_000, '1 min left', true],
  [59_999, '60 s left', true],
  [1, '1 s left', true],
])('describes %d remaining ms', (ms, text, urgent) => {
  expect(before(ms)).toMatchObject({ text, urgent, over: false });
});

it('reports the end of the lease, without a further change', () => {
  expect(before(0)).toEqual({ text: 'time is over', urgent: true, over: true, changesInMs: Infinity });
});

it.each([86_400_000, 3_600_000, 61_500, 60_000, 59_999, 1_001, 1])(
  'computes when the text changes next, %d ms before the end',
  (ms) => {
    const lease = before(ms);
    expect(before(ms - lease.changesInMs).text).not.toBe(lease.text);
    if (lease.changesInMs > 1) expect(before(ms - lease.changesInMs + 1).text).toBe(lease.text);
  },
);
