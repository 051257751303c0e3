import * as z from 'zod';
import { COMMON, TABLE, TRAINING_MACHINE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...TRAINING_MACHINE });
export type Env = z.infer<typeof Env>;
