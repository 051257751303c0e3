import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Kinds at a time: enough to keep two cores busy. */
const PARALLEL = 4;

const Outcome = z.strictObject({
  kind: z.string(),
  items: z.int(),
  right: z.int(),
  majority: z.int(),
  baseline: z.int(),
  seconds: z.number(),
  paid_satoshis: z.int(),
});
export type KindOutcome = z.infer<typeof Outcome>;

export interface KindOptions {
  /** Account that posts the tasks. Other tests may sign out the accounts of the local platform. */
  readonly buyer: { readonly email: string; readonly password: string };
  readonly kinds?: readonly string[];
  readonly examples?: number;
  readonly items?: number;
}

/** Takes one task per kind of file from posting to payment (`python -m benchmarks.kinds`). */
export async function tasksOfKinds(
  apiUrl: string,
  { buyer, kinds, examples, items }: KindOptions,
): Promise<KindOutcome[]> {
  const args = [
    ...['-m', 'benchmarks.kinds', apiUrl, '--json', '--parallel', String(PARALLEL)],
    ...['--email', buyer.email, '--password', buyer.password],
    ...(kinds ? ['--kinds', kinds.join(',')] : []),
    ...(examples === undefined ? [] : ['--examples', String(examples)]),
    ...(items === undefined ? [] : ['--items', String(items)]),
  ];
  const { stdout } = await promisify(execFile)('.venv/bin/python', args, {
    cwd: root,
    env: { ...process.env, PYTHONPATH: 'client/python/src', OMP_NUM_THREADS: '1' },
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => Outcome.parse(JSON.parse(line)));
}
