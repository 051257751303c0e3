/**
 * Adds what functions called in the last suite that ran on a platform (`.local/test/calls`) to the table that
 * `test/infra/iam` holds against the policies. Usage: npm run calls:record
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { callsIn, CALLS_FILE, merged, recordedCalls } from '../local/calls/table.ts';

const found = callsIn(join(import.meta.dirname, '..', '.local', 'test', 'calls'));
const before = recordedCalls();
const after = merged(before, found);
const file = fileURLToPath(CALLS_FILE);
writeFileSync(file, await format(JSON.stringify(after), { ...(await resolveConfig(file)), filepath: file }));
const count = (table: typeof after): number => Object.values(table).flat().length;
console.log(
  `${count(after)} calls of ${Object.keys(after).length} functions, ${count(after) - count(before)} of them new`,
);
