import { expect, it } from 'vitest';
import { poll } from '../../../scripts/shared/poll.ts';

it('looks until there is something, and returns it', async () => {
  const seen = [undefined, undefined, 0, 1];
  expect(await poll(async () => seen.shift(), { everyMs: 1 })).toBe(0);
  expect(seen).toEqual([1]);
});

it('looks at least once, and says what did not happen in time', async () => {
  let looks = 0;
  const nothing = async (): Promise<undefined> => void (looks += 1);
  await expect(poll(nothing, { everyMs: 1, timeoutMs: 0, timeout: 'it was not done' })).rejects.toThrow(
    'it was not done within 0 s',
  );
  expect(looks).toBe(1);
});

it('ends with an error of the look', async () => {
  const broken = async (): Promise<undefined> => Promise.reject(new Error('refused'));
  await expect(poll(broken, { everyMs: 1 })).rejects.toThrow('refused');
});
