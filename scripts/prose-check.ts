/**
 * `npm run prose`: finds wordings that docs/style.md replaces, in tracked sources and documents. Exits with 1 if
 * there are any.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findingsIn } from './prose/patterns.ts';

const SOURCES = ['*.ts', '*.tsx', '*.mjs', '*.py', '*.md'];
/** The examples of the rules, records of the past (ADRs, logs, published figures), and generated or vendored text. */
const EXCLUDED = [
  'docs/style.md',
  'docs/adr',
  'docs/benchmarks',
  'model/LOG.md',
  'scripts/prose',
  'test/unit/scripts/prose-check.test.ts',
  'test/fixtures',
];

const listed = execFileSync('git', ['ls-files', '-z', ...SOURCES, ...EXCLUDED.map((path) => `:!${path}`)], {
  encoding: 'utf8',
  maxBuffer: 64 << 20,
});
const findings = listed
  .split('\0')
  .filter(Boolean)
  .flatMap((file) => findingsIn(readFileSync(file, 'utf8')).map((finding) => ({ file, ...finding })));
for (const { file, line, column, text, instead } of findings)
  console.error(`${file}:${line}:${column} “${text}”: write ${instead}`);
if (findings.length > 0) {
  console.error(`${findings.length} wordings to replace; see docs/style.md`);
  process.exitCode = 1;
}
