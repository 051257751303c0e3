import { expect, it } from 'vitest';
import { createIdempotencyKeys } from './idempotency.ts';

it('keeps the key of a body until it has succeeded', () => {
  let made = 0;
  const keys = createIdempotencyKeys(() => `k${(made += 1)}`);
  expect(keys.keyFor({ amount: 1 })).toBe('k1');
  expect(keys.keyFor({ amount: 1 })).toBe('k1');
  expect(keys.keyFor({ amount: 2 })).toBe('k2');
  keys.succeeded();
  expect(keys.keyFor({ amount: 2 })).toBe('k3');
});
