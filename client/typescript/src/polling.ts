/** Delays between reads while waiting: short tasks are noticed at once, long ones cost few requests. */
const POLL_MS = { first: 200, factor: 1.5, max: 2_000 } as const;
/** Milliseconds before each next read. */
export function* pollDelays(): Generator<number, never> {
  for (let delay: number = POLL_MS.first; ; delay = Math.min(POLL_MS.max, delay * POLL_MS.factor))
    yield delay;
}
