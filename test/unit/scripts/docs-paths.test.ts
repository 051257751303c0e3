import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = [
  'README.md',
  'model/README.md',
  'benchmarks/README.md',
  ...globSync('docs/*.md', { cwd: ROOT }),
];
/** A path of this repository in a page: `lambdas/tasks/price.ts`, `contracts/{limits,text}.ts`, `docs/diagrams/*.dot`. */
const PATH =
  /`((?:benchmarks|bin|contracts|docs|lambdas|lib|local|model|scripts|stepfunctions|test|web)\/[\w.$/{},*-]*[\w}*/])`/g;

test.each(PAGES)('every path in %s exists', (page) => {
  const named = [...readFileSync(join(ROOT, page), 'utf8').matchAll(PATH)].map(([, path]) => path!);
  const gone = [...new Set(named)].filter((path) => globSync(path, { cwd: ROOT }).length === 0);
  expect(gone).toEqual([]);
});
