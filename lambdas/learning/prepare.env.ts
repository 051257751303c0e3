import * as z from 'zod';
import { COMMON, TABLE, WORK, STAGE, LEAST_LABELS } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...WORK, ...STAGE, ...LEAST_LABELS });
export type Env = z.infer<typeof Env>;
