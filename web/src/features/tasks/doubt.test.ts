import { expect, it } from 'vitest';
import { doubtOf } from './doubt.ts';

it('shows the interval of a number', () => {
  expect(doubtOf({ prediction: 135, interval: [128, 142] })).toBe('128 to 142');
  expect(doubtOf({ prediction: 0, interval: [-1234.56789, 0.000125] })).toBe('-1234.57 to 0.000125');
});

it('names the other labels if there are two to five', () => {
  const set = (...label_set: string[]) => doubtOf({ prediction: 'spam', label_set });
  expect(set('spam', 'ham')).toBe('could also be ham');
  expect(set('spam', 'ham', 'news', 'ads', 'list')).toBe('could also be ham, news, ads, list');
  expect(set('spam')).toBeUndefined();
  expect(set('spam', 'ham', 'news', 'ads', 'list', 'bill')).toBeUndefined();
});

it('shows nothing for results from before prediction sets and intervals', () => {
  expect(doubtOf({ prediction: 'spam' })).toBeUndefined();
});
