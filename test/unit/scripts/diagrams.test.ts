import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { svgOf } from '../../../scripts/diagrams.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/diagrams');

test.each(globSync('*.dot', { cwd: FOLDER }))('the SVG of %s is up to date', (file) => {
  const dot = readFileSync(join(FOLDER, file), 'utf8');
  expect(readFileSync(join(FOLDER, file.replace(/\.dot$/, '.svg')), 'utf8')).toBe(svgOf(dot));
});
