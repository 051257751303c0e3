import { parseArgs } from 'node:util';
import * as z from 'zod';
import { MAX_TASKS } from './sources.ts';

export const USAGE = `npm run demo:learning -- [options]     the loop at work on a running marketplace (npm start); 19 minutes on two busy cores
  --tasks N      tasks to post (200, at most ${MAX_TASKS}); goes on to twice as many while two promotions are not behind it
  --seed N       in which order the rows come (1)
  --api URL      address of the API (http://localhost:8000)`;

const Options = z.object({
  tasks: z.coerce.number().int().min(3).max(MAX_TASKS),
  seed: z.coerce.number().int().min(0),
  api: z.url(),
  sagemaker: z.url(),
  help: z.boolean(),
});
export type Options = z.infer<typeof Options>;

/**
 * @throws Error that names the invalid option
 */
export function learningOptions(args: string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args,
    options: {
      tasks: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      api: { type: 'string', default: env['DUKENET_API_URL'] ?? 'http://localhost:8000' },
      help: { type: 'boolean', default: false },
    },
  });
  const sagemaker = env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] ?? 'http://127.0.0.1:4567';
  const parsed = Options.safeParse({ ...values, sagemaker });
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}
