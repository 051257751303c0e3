import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, test } from 'vitest';
import { fuzzTable } from '../../../scripts/clients/fuzz-report.ts';
import type { FuzzSummary } from '../../../scripts/clients/fuzz-report.ts';
import { FUZZ_ROLES, fuzzAs } from '../../../scripts/clients/fuzz-role.ts';
import { allOperations } from '../../../contracts/api/routes.ts';
import { PASSWORD } from '../../integration/support.ts';

/** The systematic cases of every operation and few random ones; `npm run fuzz` does many. */
const CASES = 3;
/** One seed: the suite must not fail for what a change did not do. `npm run fuzz` takes a new one each time. */
const SEED = 1;
const folder = fileURLToPath(new URL('../../../.local/reports/fuzz', import.meta.url));

const summaries: FuzzSummary[] = [];
afterAll(() => {
  console.log(fuzzTable(summaries));
});

test.each(FUZZ_ROLES)(
  'Schemathesis as %s: no 5xx, no answer outside the document, 405 for a wrong method',
  async (role) => {
    const options = { api: inject('platform').apiUrl, cases: CASES, seed: SEED, stateful: false, folder };
    const summary = await fuzzAs(role, options, PASSWORD);
    summaries.push(summary);
    expect(summary.failures).toEqual([]);
    expect(summary.operations).toBe(allOperations.length);
    expect(summary.cases).toBeGreaterThan(500);
  },
);
