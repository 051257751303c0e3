import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedFiles } from '../../../scripts/model-contract/files.ts';
import { portablePattern } from '../../../scripts/model-contract/messages.ts';

const onDisk = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it.each(Object.entries(generatedFiles()))(
  '%s is what `npm run contracts:generate` writes',
  (path, generated) => {
    expect(onDisk(path)).toBe(generated);
  },
);

it('writes patterns that mean the same in Python', () => {
  expect(portablePattern(String.raw`^\d{2}$`)).toBe(String.raw`^[0-9]{2}(?![\s\S])`);
  for (const pattern of ['^a$|^b$', String.raw`^\w+$`]) {
    expect(() => portablePattern(pattern)).toThrow('means something else in Python');
  }
});
