import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/** Asks until the answer is good. @throws Error with the last answer when it never was */
export async function eventually<T>(
  ask: () => Promise<T>,
  good: (value: T) => boolean,
  timeoutMs = 240_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const value = await ask();
    if (good(value)) return value;
    if (Date.now() > end)
      throw new Error(`not within ${timeoutMs} ms; the last answer: ${JSON.stringify(value)}`);
  }
}
