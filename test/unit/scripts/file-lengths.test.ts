import { expect, it } from 'vitest';
import { lengthFindings, MAX_LINES } from '../../../scripts/shared/file-lengths.ts';

const text = (lines: number) => 'x\n'.repeat(lines);
const files: Record<string, string> = {
  'lib/long.ts': text(MAX_LINES + 1),
  'lib/longest-allowed.ts': text(MAX_LINES),
  'made.py': text(9999),
};

it('names files with more lines than allowed, except generated ones', () => {
  expect(lengthFindings(Object.keys(files), (file) => files[file]!, { 'made.py': 'npm run make' })).toEqual([
    'lib/long.ts: 301 lines, more than 300: split it into parts with a meaning',
  ]);
});

it('names generated files that no longer exist', () => {
  expect(lengthFindings([], () => '', { 'made.py': 'npm run make' })).toEqual([
    expect.stringContaining('made.py does not exist'),
  ]);
});
