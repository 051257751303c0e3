import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';

describe('the table of limits', () => {
  it('lets a full task into the items that its complexity allows', () => {
    expect(LIMITS.items.value).toBe(10 * LIMITS.itemsPerComplexity.value);
  });
});
