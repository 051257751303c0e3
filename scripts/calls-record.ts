/**
 * Adds what functions called in the last suite that ran on a platform (`.local/test/calls`) to the table that
 * `test/infra/iam` holds against the policies. Usage: npm run calls:record
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callsIn, CALLS_FILE, merged, recordedCalls } from '../test/infra/iam/calls.ts';

const found = callsIn(join(import.meta.dirname, '..', '.local', 'test', 'calls'));
const before = recordedCalls();
const after = merged(before, found);
writeFileSync(CALLS_FILE, `${JSON.stringify(after, undefined, 2)}\n`);
const count = (table: typeof after): number => Object.values(table).flat().length;
console.log(
  `${count(after)} calls of ${Object.keys(after).length} functions, ${count(after) - count(before)} of them new`,
);
