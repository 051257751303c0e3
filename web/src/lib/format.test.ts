import { expect, it } from 'vitest';
import { bytes, count, duration, percent, sats, signedSats } from './format.ts';

it('formats amounts for people', () => {
  expect(sats(1_234_567)).toBe('1,234,567 sat');
  expect([signedSats(1000), signedSats(-1000)]).toEqual(['+1,000 sat', '−1,000 sat']);
  expect([count(1, 'item'), count(2000, 'item')]).toEqual(['1 item', '2,000 items']);
  expect([bytes(12), bytes(1536), bytes(3 * 1024 ** 2)]).toEqual(['12 B', '1.5 KB', '3 MB']);
  expect([duration(80), duration(5230), duration(83_000)]).toEqual(['80 ms', '5.23 s', '1 min 23 s']);
});

it('carries rounding into the next unit', () => {
  expect([999.6, 59_996, 119_700, 3_599_600].map(duration)).toEqual([
    '1 s',
    '1 min 0 s',
    '2 min 0 s',
    '60 min 0 s',
  ]);
  expect([59_990, 60_400].map(duration)).toEqual(['59.99 s', '1 min 0 s']);
  expect([1023, 1024 ** 2 - 1, 1024 ** 2].map(bytes)).toEqual(['1023 B', '1 MB', '1 MB']);
});

it('never rounds a share to 0 % or 100 %', () => {
  expect([0, 0.0004, 0.125, 0.999, 1].map(percent)).toEqual(['0 %', '<1 %', '13 %', '99 %', '100 %']);
});
