import { beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff, retry, RetryableError } from '../../../lambdas/shared/retry.ts';

const waits = vi.hoisted((): number[] => []);
vi.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void waits.push(ms) }));

/** Fails so many times before it succeeds with the number of its last attempt. */
const failing =
  (times: number, error: (attempt: number) => Error = (n) => new RetryableError(`attempt ${n}`)) =>
  async (attempt: number): Promise<number> => {
    if (attempt <= times) throw error(attempt);
    return attempt;
  };

describe('a repeated attempt', () => {
  it.each([
    [0, 1],
    [1, 2],
    [4, 5],
  ])('that fails %i times succeeds at attempt %i', async (failures, number) => {
    expect(await retry(failing(failures), { attempts: 5 })).toBe(number);
  });

  it('ends with its last error after the number of attempts that the policy grants', async () => {
    const attempt = vi.fn(failing(9));
    await expect(retry(attempt, { attempts: 5 })).rejects.toThrow('attempt 5');
    expect(attempt).toHaveBeenCalledTimes(5);
  });

  it('is not repeated after an error that the policy does not name', async () => {
    const attempt = vi.fn(failing(1, () => new Error('broken')));
    await expect(retry(attempt, { attempts: 5 })).rejects.toThrow('broken');
    expect(attempt).toHaveBeenCalledTimes(1);
    const named = { attempts: 5, isRetryable: (error: unknown) => (error as Error).message === 'broken' };
    expect(
      await retry(
        failing(1, () => new Error('broken')),
        named,
      ),
    ).toBe(2);
  });
});

describe('waits', () => {
  beforeEach(() => {
    waits.length = 0;
  });
  const failFourTimes = (waitMs?: (attempt: number) => number) =>
    retry(failing(4), { attempts: 5, ...(waitMs && { waitMs }) });

  it('follow failed attempts, except the last one', async () => {
    await failFourTimes((attempt) => attempt);
    expect(waits).toEqual([1, 2, 3, 4]);
    await expect(retry(failing(9), { attempts: 2, waitMs: () => 7 })).rejects.toThrow('attempt 2');
    expect(waits).toEqual([1, 2, 3, 4, 7]);
  });

  it.each([
    [0, [0, 0, 0, 0]],
    [0.5, [10, 20, 40, 80]],
    [1, [20, 40, 80, 160]],
  ])('of a backoff are random below a bound that doubles (random number %f)', async (random, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    await failFourTimes(backoff(20));
    expect(waits).toEqual(expected);
  });

  it('of a backoff have a maximum', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    await failFourTimes(backoff(20, 50));
    expect(waits).toEqual([20, 40, 50, 50]);
  });

  it('do not happen if the policy has none', async () => {
    await failFourTimes();
    expect(waits).toEqual([]);
  });
});
