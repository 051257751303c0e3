import * as z from 'zod';
import { COMMON, TABLE, WORK, JOB } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...WORK, ...JOB });
export type Env = z.infer<typeof Env>;
