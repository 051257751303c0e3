import { expect, it } from 'vitest';
import { supportOf } from './support.ts';

const near = (id: string, expected: string | number, similarity: number) => ({
  ...{ id, expected, similarity, excerpt: id },
});
const explanation = {
  summary: 'Close to other spam.',
  words: [
    { word: 'the', weight: 0.5 },
    { word: 'prize', weight: 0.4 },
    { word: '!!', weight: 0.3 },
    { word: 'Und', weight: 0.3 },
    { word: 'meeting', weight: -0.2 },
    { word: '€5', weight: 0.1 },
  ],
  nearest: [near('1', 'spam', 0.8), near('2', 'ham', 0.7), near('3', 'spam', 0.1)],
};

it('shows words and examples that support the answer, without uninformative words', () => {
  const { words, nearest } = supportOf({ prediction: 'spam', explanation });
  expect(words.map(({ word }) => word)).toEqual(['prize', '€5']);
  expect(nearest.map(({ id }) => id)).toEqual(['1']);
});

it('shows what raised and lowered a number', () => {
  const numbers = { ...explanation, nearest: [near('1', 120, 0.9), near('2', 140, 0.5)] };
  const { words, nearest } = supportOf({ prediction: 131, explanation: numbers });
  expect(words.map(({ word }) => word)).toEqual(['prize', 'meeting', '€5']);
  expect(nearest).toHaveLength(2);
});

it('shows nothing if the reasons support another answer', () => {
  expect(supportOf({ prediction: 'news', explanation })).toEqual({
    words: [
      { word: 'prize', weight: 0.4 },
      { word: '€5', weight: 0.1 },
    ],
    nearest: [],
  });
  expect(supportOf({ prediction: null, explanation })).toEqual({ words: [], nearest: [] });
  expect(supportOf({ prediction: 'spam', explanation: undefined })).toEqual({ words: [], nearest: [] });
});
