import { describe, expect, test } from 'vitest';
import {
  betterAnswer,
  canaryDecision,
  servedVersion,
  shadowVersion,
  trialResult,
} from '../../../contracts/rules/shadow-trial.ts';
import { trialWords } from '../../../contracts/rules/trial-words.ts';

describe('which answer was better', () => {
  const label = { kind: 'classification', served: 'ham', shadow: 'spam', refused: false } as const;
  const amount = { kind: 'regression', served: 10, shadow: 12, refused: false } as const;
  const text = { kind: 'generation', served: 'a red car', shadow: 'a car', refused: false } as const;

  test.each([
    ['an accepted label is right, another one wrong', label, 'served'],
    ['no answer to an accepted label is wrong', { ...label, shadow: null }, 'served'],
    ['a number is the same as its text', { ...label, served: '1', shadow: 1 }, 'tie'],
    ['the corrected label', { ...label, expected: 'spam', refused: true }, 'shadow'],
    ['both wrong', { ...label, expected: 'news', refused: true }, 'tie'],
    ['both wrong, one of them silent', { ...label, shadow: null, expected: 'news', refused: true }, 'tie'],
    [
      'refused without the right label: the other one may be wrong too',
      { ...label, refused: true },
      undefined,
    ],
    ['refused, and nothing instead', { ...label, shadow: null, refused: true }, 'tie'],
    ['the closer number', { ...amount, expected: 11.5, refused: true }, 'shadow'],
    ['numbers at the same distance', { ...amount, expected: 11, refused: true }, 'tie'],
    ['a number is closer than none', { ...amount, shadow: null, expected: 50, refused: true }, 'served'],
    ['an accepted number does not judge another one', amount, undefined],
    ['an accepted text does not judge another one', text, undefined],
    ['the corrected text', { ...text, expected: 'a car', refused: true }, 'shadow'],
  ] as const)('%s', (_, pair, better) => {
    expect(betterAnswer(pair)).toBe(better);
  });
});

describe('a trial with several buyers', () => {
  const trial = {
    wins: 0,
    losses: 0,
    ties: 400,
    max_buyer_wins: 0,
    max_buyer_losses: 0,
    sole_buyer_decides: false,
  };
  test.each([
    ['better', { wins: 30, max_buyer_wins: 10 }, 'better'],
    ['better by one buyer', { wins: 30, max_buyer_wins: 28 }, 'undecided'],
    [
      'better by the only buyer, who may decide',
      { wins: 30, max_buyer_wins: 30, sole_buyer_decides: true },
      'better',
    ],
    ['worse', { losses: 30, max_buyer_losses: 10 }, 'worse'],
    ['worse by one buyer', { losses: 30, max_buyer_losses: 28 }, 'undecided'],
    [
      'worse, and one buyer is for it',
      { losses: 30, wins: 2, max_buyer_losses: 10, max_buyer_wins: 2 },
      'worse',
    ],
    ['as good', { ties: 9000 }, 'equivalent'],
  ] as const)('%s', (_, counts, comparison) => {
    expect(trialResult({ ...trial, ...counts }).comparison).toBe(comparison);
  });
});

describe('a canary', () => {
  test.each([
    ['better', false, 'promote'],
    ['equivalent', false, 'promote'],
    ['worse', false, 'archive'],
    ['worse', true, 'archive'],
    ['undecided', false, 'wait'],
    ['undecided', true, 'promote'],
  ] as const)('that is %s, over: %s, ends with: %s', (comparison, over, decision) => {
    expect(canaryDecision(comparison, over)).toBe(decision);
  });

  test('shadows the candidate; a watch shadows the previous version', () => {
    const versions = { candidate: '3', baseline: '2' };
    expect(shadowVersion({ purpose: 'canary', ...versions })).toBe('3');
    expect(servedVersion({ purpose: 'canary', ...versions })).toBe('2');
    expect(shadowVersion({ purpose: 'watch', ...versions })).toBe('2');
    expect(servedVersion({ purpose: 'watch', ...versions })).toBe('3');
  });

  test('is described in words', () => {
    expect(trialWords({ candidate: '3', baseline: '2', wins: 3, losses: 19, ties: 178 })).toMatch(
      /^Of 200 items that people judged, only version 3 was right on 3 and only version 2 on 19: a difference of −8.0 points \(−1[0-9.]+ to −[0-9.]+\)\.$/,
    );
  });
});
