import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';

export const USAGE = `npm run demo -- [options]     posts real mails to a running marketplace (npm start) and settles the bill
  --examples N   mails that come with their label (40)
  --items N      mails to classify (200)
  --seed N       which mails are drawn from the corpus (1)
  --no-baseline  leave TF-IDF + logistic regression out
  --ledger       list every account of the platform before and after
  --api URL      address of the API (http://localhost:8000)
  --email, --password   a buyer with satoshis (the seeded buyer)`;

const count = (most: number) => z.coerce.number().int().min(1).max(most);
const Options = z.object({
  examples: count(2000),
  items: count(2500),
  seed: z.coerce.number().int().min(0),
  baseline: z.boolean(),
  ledger: z.boolean(),
  api: z.url(),
  email: z.string(),
  password: z.string(),
  help: z.boolean(),
});
export type Options = z.infer<typeof Options>;

/**
 * @throws Error that names the invalid option
 */
export function demoOptions(args: string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      examples: { type: 'string', default: '40' },
      items: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      baseline: { type: 'boolean', default: true },
      ledger: { type: 'boolean', default: false },
      api: { type: 'string', default: env['DUKENET_API_URL'] ?? 'http://localhost:8000' },
      email: { type: 'string', default: 'buyer@dukenet.local' },
      password: { type: 'string', default: 'DukeNET-local-1' },
      help: { type: 'boolean', default: false },
    },
  });
  const parsed = Options.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

const root = join(import.meta.dirname, '..', '..');
export const pythonPath = (env: NodeJS.ProcessEnv): string =>
  env['DUKENET_PYTHON'] ?? join(root, '.venv', 'bin', 'python');

/** The table of the local stage, whose whole ledger can be audited; undefined on other stages. */
export function localTable(env: NodeJS.ProcessEnv): string | undefined {
  const file = env['DUKENET_OUTPUTS'] ?? join(root, '.local', 'platform', 'state', 'outputs.json');
  if (!existsSync(file)) return undefined;
  return /"TableName":\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1];
}
