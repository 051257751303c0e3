import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, test } from 'vitest';
import { fuzzTable } from '../../../scripts/clients/fuzz-report.ts';
import type { FuzzSummary } from '../../../scripts/clients/fuzz-report.ts';
import { FUZZ_ROLES, fuzzAs, permittedOperations } from '../../../scripts/clients/fuzz-role.ts';
import { PASSWORD } from '../../integration/support.ts';

/** Random cases per operation, besides about 50 systematic ones. `npm run fuzz` runs 100. */
const RANDOM_CASES = 3;
/** Fixed, so that the suite fails only if a change broke something. `npm run fuzz` takes a new seed each time. */
const SEED = 1;
const folder = fileURLToPath(new URL('../../../.local/reports/fuzz', import.meta.url));

const summaries: FuzzSummary[] = [];
afterAll(() => {
  console.log(fuzzTable(summaries));
});

test.each(FUZZ_ROLES)(
  'Schemathesis as %s: no 5xx, no answer outside the document, 405 for a wrong method',
  async (role) => {
    const summary = await fuzzAs(
      role,
      {
        api: inject('platform').apiUrl,
        cases: RANDOM_CASES,
        seed: SEED,
        stateful: false,
        permittedOnly: true,
        folder,
      },
      PASSWORD,
    );
    summaries.push(summary);
    const operations = permittedOperations(role).length;
    expect(summary.failures).toEqual([]);
    expect(summary.operations).toBe(operations);
    expect(summary.cases).toBeGreaterThan(10 * operations);
  },
);
