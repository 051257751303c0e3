import { parseEnv } from '../shared/env.ts';
import { Env } from './inspect-archive.env.ts';
import { inspectWorker } from './inspect-worker.ts';
import { ARCHIVE_INSPECTORS } from './archive-inspectors.ts';

export const handler = inspectWorker<'archive'>(parseEnv(Env), ARCHIVE_INSPECTORS);
