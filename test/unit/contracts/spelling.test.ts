import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { comparable } from '../../../contracts/values/comparable.ts';
import { spellingOf } from '../../../contracts/values/spelling.ts';

/** model/tests/test_spelling.py runs the same cases. */
const { spellings, comparables } = z
  .strictObject({
    spellings: z.array(
      z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), spelling: z.string() }),
    ),
    comparables: z.array(z.strictObject({ text: z.string(), comparable: z.string() })),
  })
  .parse(JSON.parse(readFileSync(new URL('../../contract/spelling.json', import.meta.url), 'utf8')));

describe('the spelling of a value', () => {
  it.each(spellings)('of $value is "$spelling"', ({ value, spelling }) => {
    expect(spellingOf(value)).toBe(spelling);
  });

  it('reads the same number back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(spellingOf(value)) === value).toBe(true);
      }),
    );
  });
});

describe('a comparable text', () => {
  it.each(comparables)('of $text is "$comparable"', ({ text, comparable: wanted }) => {
    expect(comparable(text)).toBe(wanted);
  });

  it('is its own comparable text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(comparable(comparable(text))).toBe(comparable(text));
      }),
    );
  });
});
