import { parseEnv } from '../shared/env.ts';
import { Env } from './inspect-text.env.ts';
import { inspectWorker } from './inspect-worker.ts';
import { TEXT_INSPECTORS } from './text-inspectors.ts';

export const handler = inspectWorker<'text'>(parseEnv(Env), TEXT_INSPECTORS);
