/** `npm run docs:limits`: regenerates the table of limits in docs/api.md from contracts/limits.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { limitsTable } from '../contracts/api/document/limits-table.ts';

const FILE = 'docs/api.md';
const MARK = /(<!-- Rendered from contracts\/limits\.ts[^>]*-->\n)[\s\S]*$/;

const page = readFileSync(FILE, 'utf8');
if (!MARK.test(page)) throw new Error(`${FILE} has lost the comment above its table of limits.`);
const rendered = page.replace(MARK, (_, mark: string) => `${mark}\n${limitsTable()}\n`);
writeFileSync(FILE, await format(rendered, { ...(await resolveConfig(FILE)), filepath: FILE }));
