import { describe, expect, it } from 'vitest';
import { findingsIn, PATTERNS } from '../../../scripts/prose/patterns.ts';

describe('the check of wordings', () => {
  it.each([
    ['const MOST_REPLAYED = 1000;', 'MOST_REPLAYED'],
    ['FEWEST_TASKS = 8', 'FEWEST_TASKS'],
    ['MOST = 6000', 'MOST = '],
    ['for (const of of recorded) {', 'const of of'],
    ['The snapshot is fitted anew.', 'anew'],
    ['one or nought each', 'nought'],
    ['Start afresh with --reset', 'afresh'],
    ['a run that is on its way', 'on its way'],
    ['What is confirmed goes along.', 'goes along'],
    ['The reader is told of each event.', 'is told of'],
    ['Of twins the first stays.', 'twins'],
    ['so that nothing leaves the house', 'leaves the house'],
    ['"""One reply a row, in order."""', 'One reply a row'],
    ['/** @throws Error where the stack is absent */', 'Error where '],
    ['undefined where there is none', 'undefined where '],
  ])('finds the fault in %s', (text, found) => {
    expect(findingsIn(`first line\n${text}`)).toMatchObject([{ line: 2, text: found }]);
  });

  it.each([
    'MAX_REPLAYED = 1000',
    'the most frequent label, at most 6000',
    'one line per epoch, one of a kind',
    'the error says where the log is',
    'Rebuild the index; renew the lease.',
    'a new item in a row',
  ])('accepts %s', (text) => {
    expect(findingsIn(text)).toEqual([]);
  });

  it('says for each pattern what to write', () => {
    expect(PATTERNS.filter(({ instead }) => instead.length < 5)).toEqual([]);
  });
});
