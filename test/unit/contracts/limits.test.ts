import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';

describe('the table of limits', () => {
  it('allows a task with the maximum of items for its complexity', () => {
    expect(LIMITS.items.value).toBe(10 * LIMITS.itemsPerComplexity.value);
  });
});
