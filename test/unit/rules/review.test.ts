import { expect, it } from 'vitest';
import { isUnsure, reviewPriceSatoshis } from '../../../contracts/rules/review.ts';

it.each([
  [undefined, 0, true],
  [0.79, 0.8, true],
  [0.8, 0.8, false],
])(
  'an answer with confidence %s and a threshold of %d is reviewed: %s',
  (confidence, threshold, expected) => {
    expect(isUnsure(confidence, threshold)).toBe(expected);
  },
);

it('the price of a review is the share of its items, rounded down', () => {
  expect(reviewPriceSatoshis(100, 1, 3)).toBe(33);
  expect(reviewPriceSatoshis(100, 3, 3)).toBe(100);
});
