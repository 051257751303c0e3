import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';
import { isSentInParts, PART_BYTES, partCount, partSize } from '../../../contracts/rules/multipart.ts';

describe('the parts of an upload', () => {
  it.each([
    [1, 1, [1]],
    [PART_BYTES, 1, [PART_BYTES]],
    [PART_BYTES + 1, 2, [PART_BYTES, 1]],
    [2 * PART_BYTES, 2, [PART_BYTES, PART_BYTES]],
  ])('of %d bytes are %d', (size, count, sizes) => {
    expect(partCount(size)).toBe(count);
    expect(sizes.map((_, i) => partSize(size, i + 1))).toEqual(sizes);
    expect(partSize(size, 0)).toBeUndefined();
    expect(partSize(size, count + 1)).toBeUndefined();
  });

  it('add up to the size of the file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 * PART_BYTES }), (size) => {
        const sizes = Array.from({ length: partCount(size) }, (_, i) => partSize(size, i + 1)!);
        expect(sizes.reduce((sum, part) => sum + part, 0)).toBe(size);
      }),
    );
  });

  it('are used above the limit of a single upload', () => {
    expect(isSentInParts(LIMITS.singleUpload.value)).toBe(false);
    expect(isSentInParts(LIMITS.singleUpload.value + 1)).toBe(true);
  });
});
