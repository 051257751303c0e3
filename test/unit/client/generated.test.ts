import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { committedClientFiles } from '../../../scripts/clients/generate.ts';

it.each(Object.entries(committedClientFiles()))(
  '%s is what `npm run client:generate` writes',
  (path, content) => {
    expect(readFileSync(path, 'utf8')).toBe(content);
  },
);
