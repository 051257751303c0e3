import fc from 'fast-check';
import { HOSTILE_NAMES, REFUSED_NAMES } from './hostile-names.ts';

/** Numbers at which JavaScript, JSON and Python part, and any other. */
export const hostileNumber = (): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(
      0, -0, 1, 1.0, -1, 1e-7, 0.1 + 0.2, 123456789012345680000, 2 ** 53, 2 ** 53 + 2, 1e21, 1e100, -1e100, 1.0000001e100,
      1e150, 1e299, 1e300, 1e305, 1e308, Number.MAX_VALUE, Number.MIN_VALUE, 5e-324,
    ), // prettier-ignore
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
  );

/** Texts that are long, odd, or no texts at all. */
export const hostileText = (longest = 300): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...HOSTILE_NAMES, ...REFUSED_NAMES),
    fc.string({ unit: 'grapheme', maxLength: longest }),
    fc.string({ unit: 'binary', maxLength: longest }),
    fc.constantFrom(
      '',
      ' ',
      'NA',
      'nan',
      'inf',
      '1e999',
      '١٢',
      '1_000',
      '😀'.repeat(longest),
      'x'.repeat(longest),
    ),
  );

export const hostileName = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...HOSTILE_NAMES) },
    { weight: 1, arbitrary: fc.constantFrom(...REFUSED_NAMES) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) },
  );

export const hostileValue = (): fc.Arbitrary<string | number | boolean | null> =>
  fc.oneof(hostileText(), hostileNumber(), fc.boolean(), fc.constant(null));

/** An object under names that users choose, `constructor` and the like among them. */
export const named = <T>(value: fc.Arbitrary<T>, most = 4): fc.Arbitrary<Record<string, T>> =>
  fc
    .array(fc.tuple(hostileName(), value), { maxLength: most })
    .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== '__proto__')));
