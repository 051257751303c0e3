import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../lambdas/shared/in-parallel.ts';

async function* each<T>(entries: readonly T[]): AsyncGenerator<T> {
  yield* entries;
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('inParallel', () => {
  it('processes entries in order, with at most `limit` calls at a time', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    await inParallel(each([1, 2, 3, 4, 5, 6, 7]), 3, async (entry) => {
      begun.push(entry);
      most = Math.max(most, ++running);
      await turn();
      running -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('throws the first error after the running calls have ended, and begins no others', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (entry: number): Promise<void> => {
      begun.push(entry);
      await turn();
      if (entry === 1) throw new Error('first');
      for (let i = 0; i < 5; i++) await turn();
      ended.push(entry);
      if (entry === 2) throw new Error('second');
    };
    await expect(inParallel(each([1, 2, 3, 4, 5]), 3, work)).rejects.toThrow('first');
    expect(ended).toEqual([2, 3]);
    expect(begun).toEqual([1, 2, 3]);
  });

  it('throws an error of its entries after the running calls have ended', async () => {
    const ended: number[] = [];
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('no more entries');
    }
    const work = async (entry: number): Promise<void> => {
      await turn();
      ended.push(entry);
    };
    await expect(inParallel(broken(), 2, work)).rejects.toThrow('no more entries');
    expect(ended).toEqual([1]);
  });
});
