import { expect, it } from 'vitest';
import { isSure } from '../../../contracts/rules/confidence.ts';

it.each<[number | null | undefined, boolean]>([
  [0.7, false],
  [0.70001, true],
  [0, false],
  [1, true],
  [null, true],
  [undefined, true],
])('a confidence of %s counts as sure: %s', (confidence, sure) => {
  expect(isSure(confidence)).toBe(sure);
});
