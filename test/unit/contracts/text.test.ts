import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Name, Text } from '../../../contracts/text.ts';
import { HOSTILE_NAMES, REFUSED_NAMES } from '../../support/hostile-names.ts';

describe('a text', () => {
  it('counts characters, not halves of surrogate pairs', () => {
    expect(Text({ max: 3 }).safeParse('😀😀😀').success).toBe(true);
    expect(Text({ max: 3 }).safeParse('😀😀😀😀').success).toBe(false);
    expect(Text({ max: 9, min: 2 }).safeParse('😀').success).toBe(false);
    expect(Text({ max: 9, min: 2 }).safeParse('😀!').success).toBe(true);
  });

  it('is bounded as JSON Schema says', () => {
    const short = Text({ max: 6 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const allowed = [...text].length <= 6 && text.isWellFormed() && !text.includes('\0');
        expect(short.safeParse(text).success).toBe(allowed);
      }),
    );
  });

  it.each(['\ud800', 'a\udfff', 'nul\0'])('rejects %j', (text) => {
    expect(Text({ max: 10 }).safeParse(text).success).toBe(false);
  });

  it('accepts line breaks and direction marks', () => {
    expect(Text({ max: 20 }).safeParse('a\nb\tc\u200fd').success).toBe(true);
  });

  it('is trimmed before its length is checked', () => {
    expect(Text({ max: 3, min: 1, trim: true }).parse('  abc  ')).toBe('abc');
    expect(Text({ max: 3, min: 1, trim: true }).safeParse('   ').success).toBe(false);
  });
});

describe('a name', () => {
  it.each(HOSTILE_NAMES)('may be %j', (name) => {
    expect(Name({ max: 200 }).parse(name)).toBe(name);
  });

  it.each(REFUSED_NAMES)('may not be %j', (name) => {
    expect(Name({ max: 200 }).safeParse(name).success).toBe(false);
  });
});
