import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';

/** model/tests/test_limits.py compares the same file with model/dukemm/contract/limits.py. */
const mirrored = JSON.parse(
  readFileSync(new URL('../../contract/limits.json', import.meta.url), 'utf8'),
) as Record<string, number>;

describe('the table of limits', () => {
  it.each(Object.entries(mirrored))('has the %s that the model has', (name, value) => {
    expect(LIMITS[name as keyof typeof LIMITS].value).toBe(value);
  });

  it('lets a full task into the items that its complexity allows', () => {
    expect(LIMITS.items.value).toBe(10 * LIMITS.itemsPerComplexity.value);
  });
});
