/**
 * `npm run fuzz`: runs Schemathesis against a running platform, without an account and as each role. Every response
 * must match the OpenAPI document. The suite `full` does the same with few random cases, and only for the operations that
 * the role may call.
 */
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { FUZZ_ROLES, fuzzAs } from './clients/fuzz-role.ts';
import { fuzzTable } from './clients/fuzz-report.ts';
import type { FuzzSummary } from './clients/fuzz-report.ts';
import { ScriptError, commandLine, run, say } from './shared/command-line.ts';

const USAGE = `npm run fuzz -- [options], while npm start runs
  --api <url>       the API; by default where npm start runs
  --role <role>     ${FUZZ_ROLES.join(', ')}; by default all of them, one after the other
  --cases <n>       random cases of each operation (100); beside them about 50 systematic ones each
  --seed <n>        repeats an earlier run (a new one each time)
  --password <text> of the accounts buyer@, agent@ and admin@dukenet.local`;

const Options = z.strictObject({
  api: z.url().optional(),
  role: z.enum(FUZZ_ROLES).optional(),
  cases: z.coerce.number().int().min(1).max(100_000).default(100),
  seed: z.coerce.number().int().nonnegative().optional(),
  password: z.string().default('DukeNET-local-1'),
});

await run(async () => {
  const options = commandLine(USAGE, Options);
  const api = options.api ?? process.env['DUKENET_API_URL'] ?? 'http://localhost:8000';
  const seed = options.seed ?? Math.floor(Math.random() * 1_000_000);
  const folder = fileURLToPath(new URL('../.local/reports/fuzz', import.meta.url));
  say(`Fuzzing ${api} with seed ${seed}; each failure in full: ${folder}`);
  const summaries: FuzzSummary[] = [];
  for (const role of options.role ? [options.role] : FUZZ_ROLES) {
    const settings = { api, cases: options.cases, seed, stateful: true, permittedOnly: false, folder };
    summaries.push(await fuzzAs(role, settings, options.password));
    for (const failure of summaries.at(-1)!.failures) say(`  ${role}: ${failure}`);
  }
  say(fuzzTable(summaries));
  const failed = summaries.filter(({ failures }) => failures.length > 0).length;
  if (failed > 0) throw new ScriptError(`${failed} of ${summaries.length} roles met a broken promise.`);
});
