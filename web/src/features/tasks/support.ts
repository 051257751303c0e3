import { deu, eng, fra, spa } from 'stopword';
import { isSameAnswer } from '../../../../contracts/rules/correction.ts';
import type { ResultItem } from '../../lib/api/types.ts';

type Explanation = NonNullable<ResultItem['explanation']>;

const MAX_WORDS = 6;
const MAX_EXAMPLES = 3;
/** Less alike than this is no reason. */
const MIN_SIMILARITY = 0.2;
const STOP_WORDS = new Set([...eng, ...deu, ...fra, ...spa]);

/** Whether a reader learns something from a word: not a stop word, not a sign, not a single letter. */
const tells = (word: string): boolean =>
  word.length > 1 && /[\p{L}\p{N}]/u.test(word) && !STOP_WORDS.has(word.toLocaleLowerCase('en'));

/** What speaks for an answer. Words and examples that speak against it are left out: they explain another answer. */
export function supportOf({
  prediction,
  explanation,
}: Pick<ResultItem, 'prediction' | 'explanation'>): Pick<Explanation, 'words' | 'nearest'> {
  if (!explanation || prediction === null) return { words: [], nearest: [] };
  const isNumber = typeof prediction === 'number';
  return {
    words: explanation.words
      .filter(({ word, weight }) => (isNumber || weight > 0) && tells(word))
      .slice(0, MAX_WORDS),
    nearest: explanation.nearest
      .filter(
        ({ expected, similarity }) =>
          similarity >= MIN_SIMILARITY && (isNumber || isSameAnswer(expected, prediction)),
      )
      .slice(0, MAX_EXAMPLES),
  };
}
