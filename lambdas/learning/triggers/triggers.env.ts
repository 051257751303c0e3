import * as z from 'zod';
import { COMMON, TABLE, TRAINING_MACHINE } from '../../shared/env-parts.ts';

export const NightlyEnv = z.object({ ...COMMON, ...TABLE });
export const StartEnv = z.object({ ...COMMON, ...TABLE, ...TRAINING_MACHINE });
