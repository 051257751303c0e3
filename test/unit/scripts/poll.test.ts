import { expect, it } from 'vitest';
import { poll } from '../../../scripts/shared/poll.ts';

it('polls until there is a value, and returns it', async () => {
  const seen = [undefined, undefined, 0, 1];
  expect(await poll(async () => seen.shift(), { everyMs: 1 })).toBe(0);
  expect(seen).toEqual([1]);
});

it('polls at least once, and names what did not happen in time', async () => {
  let looks = 0;
  const nothing = async (): Promise<undefined> => void (looks += 1);
  await expect(poll(nothing, { everyMs: 1, timeoutMs: 0, timeout: 'it was not done' })).rejects.toThrow(
    'it was not done within 0 s',
  );
  expect(looks).toBe(1);
});

it('throws the error of a poll', async () => {
  const broken = async (): Promise<undefined> => Promise.reject(new Error('refused'));
  await expect(poll(broken, { everyMs: 1 })).rejects.toThrow('refused');
});
