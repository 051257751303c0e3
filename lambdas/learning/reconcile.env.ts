import * as z from 'zod';
import { COMMON, TABLE, STAGE, TRAINING_MACHINE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...STAGE, ...TRAINING_MACHINE });
export type Env = z.infer<typeof Env>;
