const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** From here on a lease is urgent. */
const URGENT_MS = HOUR_MS;

export interface Lease {
  /** `3 h 12 min left`, `48 s left`, `time is over` */
  readonly text: string;
  readonly urgent: boolean;
  readonly over: boolean;
  /** Milliseconds until the text changes. */
  readonly changesInMs: number;
}

/** How much time is left of a lease. */
export function leaseAt(deadline: string, now: number): Lease {
  const left = Date.parse(deadline) - now;
  if (left <= 0) return { text: 'time is over', urgent: true, over: true, changesInMs: Infinity };
  const urgent = left < URGENT_MS;
  if (left < MINUTE_MS) {
    const seconds = Math.ceil(left / 1000);
    return { text: `${seconds} s left`, urgent, over: false, changesInMs: left - (seconds - 1) * 1000 };
  }
  const minutes = Math.floor(left / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  const text = hours > 0 ? `${hours} h ${minutes % 60} min left` : `${minutes} min left`;
  return { text, urgent, over: false, changesInMs: left - minutes * MINUTE_MS + 1 };
}
