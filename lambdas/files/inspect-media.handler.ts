import { parseEnv } from '../shared/env.ts';
import { Env } from './inspect-media.env.ts';
import { inspectWorker } from './inspect-worker.ts';
import { MEDIA_INSPECTORS } from './media-inspectors.ts';

export const handler = inspectWorker<'media'>(parseEnv(Env), MEDIA_INSPECTORS);
