import * as z from 'zod';
import { COMMON, FILES, RECEIVES, TABLE, UPLOADS_QUEUE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...FILES, ...RECEIVES, ...UPLOADS_QUEUE });
export type Env = z.infer<typeof Env>;
