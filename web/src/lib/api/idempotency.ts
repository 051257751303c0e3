import { useState } from 'react';

/**
 * Keys for `Idempotency-Key`: the same body keeps its key until it has succeeded, so that a second try after a
 * lost answer repeats nothing; another body gets a new one.
 */
export function createIdempotencyKeys(random: () => string = () => crypto.randomUUID()) {
  let last: { body: string; key: string } | undefined;
  return {
    keyFor: (value: unknown): string => {
      const body = JSON.stringify(value);
      if (last?.body !== body) last = { body, key: random() };
      return last.key;
    },
    succeeded: (): void => {
      last = undefined;
    },
  };
}

export function useIdempotencyKeys() {
  const [keys] = useState(() => createIdempotencyKeys());
  return keys;
}
