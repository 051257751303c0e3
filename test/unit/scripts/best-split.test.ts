import { expect, it } from 'vitest';
import { shareByOracle, shareByThreshold } from '../../large/quotes/best-split.ts';

const answers = [
  { confidence: 0.9, isRight: true },
  { confidence: 0.8, isRight: false },
  { confidence: 0.7, isRight: true },
  { confidence: 0.6, isRight: false },
];

it('the best threshold keeps the surest answers until too many of them are wrong', () => {
  expect(shareByThreshold(answers, 1)).toBe(0.25);
  expect(shareByThreshold(answers, 0.75)).toBe(0.75);
  expect(shareByThreshold(answers, 0.5)).toBe(1);
});

it('an oracle keeps the right answers first', () => {
  expect(shareByOracle(answers, 1)).toBe(0.5);
  expect(shareByOracle(answers, 0.75)).toBe(0.75);
  expect(shareByOracle(answers, 0.5)).toBe(1);
});
