/** `npm run aws:preflight -- --stage dev|prod`: lists what the AWS account lacks for a deployment, and what to ask for. Reads only. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import { readStage } from '../lib/stage.ts';
import { commandLine, run, ScriptError } from './shared/command-line.ts';
import { preflightNeeds } from './shared/preflight-needs.ts';

const ROOT = join(import.meta.dirname, '..');

await run(async () => {
  const usage = 'npm run aws:preflight -- --stage dev|prod';
  const { stage: name } = commandLine(usage, z.strictObject({ stage: z.enum(['dev', 'prod']) }));
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const environment = { CDK_DEFAULT_REGION: AWS_REGION ?? AWS_DEFAULT_REGION, ...process.env };
  const stage = readStage({ context: (key) => (key === 'stage' ? name : undefined), environment });
  if (stage.name === 'local') throw new ScriptError(usage);
  const { status, error } = spawnSync(
    join(ROOT, '.venv', 'bin', 'python'),
    [join(ROOT, 'scripts', 'aws', 'preflight.py')],
    { input: JSON.stringify(preflightNeeds(stage)), stdio: ['pipe', 'inherit', 'inherit'] },
  );
  if (error) throw new ScriptError('Run npm run setup first.', { cause: error });
  process.exitCode = status ?? 2;
});
