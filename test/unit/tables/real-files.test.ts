import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { realPackages } from '../../large/real-files/manifest.ts';
import { fillRealFile, MAX_ROWS } from '../support/real-file.ts';

const shipped = realPackages().flatMap(({ package: name, files }) =>
  files.flatMap((file) => (file.shipped === undefined ? [] : [{ name, copy: file.shipped, file }])),
);

test.each(shipped)('$copy of $name keeps its bytes outside the target', async ({ copy, file }) => {
  const bytes = readFileSync(new URL(`../../fixtures/real-files/${copy}`, import.meta.url));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
  const { rows, filled } = await fillRealFile(file, bytes);
  expect(filled).toBeGreaterThanOrEqual(Math.floor(Math.min(rows, MAX_ROWS) / 3));
});
