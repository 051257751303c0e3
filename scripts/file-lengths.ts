/** `npm run lengths`: finds tracked source files with more than 300 lines. Exits with 1 if there are any. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lengthFindings } from './shared/file-lengths.ts';

const SOURCES = ['*.ts', '*.tsx', '*.js', '*.mjs', '*.cjs', '*.py'];

const files = execFileSync('git', ['ls-files', '-z', ...SOURCES], { encoding: 'utf8', maxBuffer: 64 << 20 })
  .split('\0')
  .filter(Boolean);
const findings = lengthFindings(files, (file) => readFileSync(file, 'utf8'));
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
