import * as z from 'zod';
import { COMMON, TABLE, WORK, JOB, TRAINING } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...WORK, ...JOB, ...TRAINING });
export type Env = z.infer<typeof Env>;
