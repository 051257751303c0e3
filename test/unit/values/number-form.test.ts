import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberForm } from '../../../contracts/entities/column.ts';
import { formatNumber, parseNumber, plainForm } from '../../../contracts/values/number-form.ts';
import { NumberReadings } from '../../../contracts/values/number-readings.ts';
import type { DecimalHint } from '../../../contracts/values/number-readings.ts';
import { rounded } from '../../../contracts/values/rounded.ts';

function read(cells: readonly string[], hint: DecimalHint = 'none') {
  const readings = new NumberReadings();
  for (const cell of cells) readings.add(cell);
  return readings.read(hint);
}
const valuesOf = (cells: readonly string[], hint: DecimalHint = 'none') => {
  const form = read(cells, hint)?.form;
  return form && cells.map((cell) => parseNumber(cell, form));
};

describe('numbers of one column', () => {
  it.each<[string, string[], (number | undefined)[], string]>([
    ['plain', ['1.5', '-2', '.5'], [1.5, -2, 0.5], '1234.5'],
    ['whole', ['12', '0', '-7'], [12, 0, -7], '1235'],
    ['a decimal comma', ['100,10', '161,00', '75,45'], [100.1, 161, 75.45], '1234,50'],
    ['a decimal comma, whole numbers beside', ['50,5', '60', '70,25'], [50.5, 60, 70.25], '1234,5'],
    ['German thousands', ['1.234,56', '12,00', '1.000.000,10'], [1234.56, 12, 1_000_000.1], '1.234,50'],
    ['English thousands', ['1,234.56', '12.00'], [1234.56, 12], '1,234.50'],
    ['French thousands', ['1 234,5', '12,0'], [1234.5, 12], '1 234,5'],
    ['thousands with a narrow space', ['1\u202f234,5 €', '12,0 €'], [1234.5, 12], '1\u202f234,5 €'],
    ['Swiss thousands', ["1'234.50", "999'000.10"], [1234.5, 999_000.1], "1'234.50"],
    ['Swiss thousands, typographic', ['1’234.50', '10.25'], [1234.5, 10.25], '1’234.50'],
    ['Indian groups', ['12,34,567', '1,200', '9,00,000'], [1_234_567, 1200, 900_000], '1,235'],
    ['dollars before', ['$100.50', '$3,000.25', '-$5.00'], [100.5, 3000.25, -5], '$1,234.50'],
    ['whole dollars', ['$3,000', '$1,200', '$950'], [3000, 1200, 950], '$1,235'],
    ['euros behind', ['186,42 €', '99,00 €'], [186.42, 99], '1234,50 €'],
    ['a currency code', ['CHF 1 200.50', 'CHF 80.00'], [1200.5, 80], 'CHF 1 234.50'],
    ['another currency', ['R$ 1.200,50', 'R$ 80,00'], [1200.5, 80], 'R$ 1.234,50'],
    ['crowns', ['1 200 kr', '80 kr'], [1200, 80], '1 235 kr'],
    ['percent', ['12 %', '3.5 %'], [12, 3.5], '1234.5 %'],
    ['percent without a space', ['12%', '7%'], [12, 7], '1235%'],
    ['a unit', ['12 kg', '7.5 kg', '8'], [12, 7.5, 8], '1234.5 kg'],
    ['areas', ['120 m²', '80 m²'], [120, 80], '1235 m²'],
    ['areas, typed', ['120m2', '80m2'], [120, 80], '1235m2'],
    ['degrees', ['12.5 °C', '-3.0 °C'], [12.5, -3], '1234.5 °C'],
    ['plus signs', ['+1.5', '-0.5', '+2.0'], [1.5, -0.5, 2], '+1234.5'],
    ['brackets for negatives', ['(1,200)', '3,400'], [-1200, 3400], '1,235'],
    ['a minus sign of typesetters', ['−5', '7'], [-5, 7], '1235'],
    ['a sign behind', ['5-', '7'], [-5, 7], '1235'],
    ['characters of no width', ['1\u200b2', '\ufeff7'], [12, 7], '1235'],
    ['exponents', ['1e5', '2.5E-3'], [100_000, 0.0025], '1234.5'],
  ])('%s', (_what, cells, values, written) => {
    expect(valuesOf(cells)).toEqual(values);
    const form = read(cells)!.form;
    expect(NumberForm.parse(form)).toEqual(form);
    expect(formatNumber(1234.5, form)).toBe(written);
  });

  it.each<[string, string[], DecimalHint, number[]]>([
    ['1,234 alone is 1234, as is custom', ['1,234', '2,500'], 'none', [1234, 2500]],
    ['not beside 5678', ['1,234', '5678'], 'none', [1.234, 5678]],
    ['nor in a file of decimal commas', ['1,234', '2,500'], 'comma', [1.234, 2.5]],
    ['nor beside 0,125', ['1,234', '0,125'], 'none', [1.234, 0.125]],
    ['nor likely with semicolons', ['1,234', '2,500'], 'comma likely', [1.234, 2.5]],
    ['1.234 with semicolons alone is 1.234', ['1.234', '2.501'], 'comma likely', [1.234, 2.501]],
    ['1.234 alone is 1.234', ['1.234', '2.501'], 'none', [1.234, 2.501]],
    ['not in a file of decimal commas', ['1.234', '2.501'], 'comma', [1234, 2501]],
    ['nor where zeros are kept and 950 stands beside', ['1.200', '950', '2.400'], 'none', [1200, 950, 2400]],
    ['nor as money', ['€1.234', '€2.501'], 'none', [1234, 2501]],
    ['nor beside 1.234.567', ['1.234', '1.234.567'], 'none', [1234, 1_234_567]],
  ])('%s', (_what, cells, hint, values) => {
    expect(valuesOf(cells, hint)).toEqual(values);
  });

  it('marks an ambiguous reading as an assumption', () => {
    expect(read(['1,234', '2,500'])?.form.assumed).toBe(true);
    expect(read(['1,234', '2,500.5'])?.form.assumed).toBeUndefined();
    expect(read(['12', '13'])?.form.assumed).toBeUndefined();
  });

  it.each([
    ['codes with leading zeros', ['007', '12']],
    ['two currencies', ['5 EUR', '5 USD']],
    ['two units', ['12 kg', '500 g']],
    ['point and comma as decimals', ['1,5', '1.5']],
    ['house numbers', ['12', '13', '14 b', '15']],
    ['seats', ['12A', '13A']],
    ['codes with a letter before', ['A12', 'A13']],
    ['numbered places', ['Room 12', 'Room 13']],
    ['dates', ['31.12.2023', '01.01.2024']],
    ['versions', ['1.2.3', '1.2.4']],
    ['addresses of machines', ['192.168.0.1', '10.0.0.1']],
    ['times', ['12:30', '13:00']],
    ['fractions', ['3/4', '1/2']],
    ['ranges', ['10-20', '20-30']],
    ['estimates', ['~5', '>3']],
    ['telephone numbers', ['+41 44 123 456', '+41 44 123 457']],
    ['card numbers', ['4111 1111 1111 1111', '5500 0000 0000 0004']],
    ['wrong groups', ['1,23', '12,34,56']],
    ['identifiers beyond 2⁵³', ['12345678901234567890', '1']],
    ['more than the API takes', ['1e101', '1']],
    ['words', ['twelve', '12']],
    ['both groupings', ['12,34,567', '1,234,567']],
    ['an opened bracket', ['(5', '6']],
    ['two signs', ['-5-', '--6']],
  ])('%s are no numbers', (_what, cells) => {
    expect(read(cells)).toBeUndefined();
  });

  it('reads what it writes, in every form', () => {
    const forms = fc.record(
      {
        decimal: fc.constantFrom('.' as const, ',' as const),
        decimals: fc.integer({ min: 0, max: 6 }),
        group: fc.constantFrom(
          '.' as const,
          ',' as const,
          ' ' as const,
          '\u202f' as const,
          "'" as const,
          '’' as const,
        ),
        indian: fc.constant(true as const),
        prefix: fc.constantFrom('$', '€ ', 'CHF ', 'R$ ', 'US$'),
        suffix: fc.constantFrom(' €', '%', ' kg', ' m²', 'km/h'),
        fixed: fc.constant(true as const),
        plus: fc.constant(true as const),
        negative: fc.constantFrom('−' as const, '()' as const),
      },
      { requiredKeys: ['decimal', 'decimals'] },
    );
    const usable = forms.filter(({ decimal, group }) => decimal !== group);
    fc.assert(
      fc.property(usable, fc.double({ min: -1e9, max: 1e9, noNaN: true }), (form, number) => {
        const value = rounded(number, form.decimals);
        expect(parseNumber(formatNumber(number, form), form)).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('detects the form that wrote a number', () => {
    const numbers = fc.array(fc.double({ min: -1e7, max: 1e7, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    const forms = fc.constantFrom<NumberForm>(
      { decimal: ',', group: '.', decimals: 2, fixed: true, suffix: ' €' },
      { decimal: '.', group: ',', decimals: 2, fixed: true, prefix: '$' },
      { decimal: ',', group: '\u202f', decimals: 1, fixed: true },
      { decimal: '.', group: "'", decimals: 2, fixed: true, prefix: 'CHF ' },
      { decimal: '.', decimals: 3 },
    );
    fc.assert(
      fc.property(forms, numbers, (form, values) => {
        // The comma of "1,234" is told from the others by decimals that are not three.
        expect(valuesOf(values.map((value) => formatNumber(value, form)))).toEqual(
          values.map((value) => rounded(value, form.decimals)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, and never returns a number out of range', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."0123456789.,' +-()eE$€%kg\u00a0\u202f") }),
        (text) => {
          const value = valuesOf([text])?.[0];
          if (value !== undefined) expect(Math.abs(value)).toBeLessThanOrEqual(1e100);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('writing', () => {
  it.each([
    [0, plainForm(0), '0'],
    [-0, plainForm(0), '0'],
    [1e-7, plainForm(7), '0.0000001'],
    [-1200, { decimal: '.', group: ',', decimals: 0, negative: '()' } as const, '(1,200)'],
    [-1.5, { decimal: ',', decimals: 1, negative: 'behind' } as const, '1,5-'],
    [-5, { decimal: '.', decimals: 2, prefix: '$', fixed: true } as const, '-$5.00'],
    [1_234_567.8, { decimal: '.', group: ',', indian: true, decimals: 1 } as const, '12,34,567.8'],
    [0, { decimal: '.', decimals: 0, plus: true } as const, '0'],
    [2.345, plainForm(2), '2.35'],
    [1e22, plainForm(2), '1e+22'],
  ])('%d', (value, form, text) => {
    expect(formatNumber(value, form)).toBe(text);
  });

  it.each([
    [1.005, 2, 1.01],
    [-1.005, 2, -1.01],
    [0.5, 0, 1],
    [-0.4, 0, 0],
    [58757.8, 0, 58758],
    [1e-8, 2, 0],
    [1e50, 2, 1e50],
    [0.1 + 0.2, 1, 0.3],
  ])('%d to %i decimals is %d', (value, decimals, result) => {
    expect(rounded(value, decimals)).toBe(result);
  });
});
