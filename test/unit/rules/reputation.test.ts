import { describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import {
  countedTasks,
  fullWindowRate,
  MAX_WINDOW_PER_BUYER,
  REPUTATION_WINDOW,
  reputationBp,
  reputationFactor,
  successRate,
} from '../../../contracts/rules/reputation.ts';

const judged = (minute: number, buyer_id: string, task_id = `t${minute}`) => ({
  task_id,
  buyer_id,
  share: 1,
  judged_at: new Date(60_000 * minute).toISOString(),
});
const idsOf = (tasks: readonly { task_id: string }[]) => tasks.map(({ task_id }) => task_id);

describe('the window of judged tasks', () => {
  it('is ordered by the time of the verdict, oldest first, for any order of arrival', () => {
    const tasks = [judged(2, 'b'), judged(1, 'a'), judged(3, 'c')];
    expect(idsOf(countedTasks(tasks))).toEqual(['t1', 't2', 't3']);
    expect(idsOf(countedTasks(tasks.toReversed()))).toEqual(['t1', 't2', 't3']);
  });

  it('orders verdicts with the same time by task', () => {
    const tasks = [judged(1, 'a', 'second'), judged(1, 'b', 'first')];
    expect(idsOf(countedTasks(tasks))).toEqual(['first', 'second']);
    expect(idsOf(countedTasks(tasks.toReversed()))).toEqual(['first', 'second']);
  });

  it('contains the latest tasks of each buyer, up to the maximum', () => {
    const tasks = Array.from({ length: MAX_WINDOW_PER_BUYER + 2 }, (_, i) => judged(i, 'a'));
    expect(idsOf(countedTasks(tasks))).toEqual(idsOf(tasks.slice(2)));
  });

  it('contains the latest tasks of all buyers, up to its size', () => {
    const tasks = Array.from({ length: REPUTATION_WINDOW + 1 }, (_, i) => judged(i, `buyer ${i}`));
    expect(idsOf(countedTasks(tasks))).toEqual(idsOf(tasks.slice(1)));
  });
});

describe('the rate over a full window', () => {
  const shares = (count: number) => Array.from({ length: count }, (_, i) => ({ share: i % 2 }));

  it('is undefined until the window is full', () => {
    expect(fullWindowRate(shares(REPUTATION_WINDOW - 1))).toBeUndefined();
    expect(fullWindowRate(shares(REPUTATION_WINDOW))).toBe(0.5);
  });
});

it('a reputation of 12,000 basis points is the factor 1.2', () => {
  expect(reputationFactor(12_000)).toBe(1.2);
});

describe('the success rate', () => {
  const shares = (count: number, share: number) => Array.from({ length: count }, () => ({ share }));

  it('is the prior of the agent if there are no judged tasks', () => {
    expect(successRate(DUKE_MM_ID, [])).toBeCloseTo(0.9, 12);
    expect(successRate('another', [])).toBeCloseTo(0.7, 12);
  });

  it('counts ten pseudo-tasks until the window is full', () => {
    expect(successRate('another', shares(10, 1))).toBeCloseTo(0.85, 12); // (10 + 7) / 20
    expect(successRate('another', shares(REPUTATION_WINDOW - 1, 1))).toBeCloseTo(106 / 109, 12);
    expect(successRate('another', shares(REPUTATION_WINDOW, 0.95))).toBeCloseTo(0.95, 12);
  });

  it.each([
    [0.5, 12_000],
    [0.7, 12_000],
    [0.75, 14_000],
    [0.9, 20_000],
    [1, 20_000],
  ])('of %d is a reputation of %d basis points', (share, expected) => {
    expect(reputationBp('another', shares(REPUTATION_WINDOW, share))).toBe(expected);
  });
});
