import * as z from 'zod';
import { COMMON, STAGE, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...STAGE, ...TABLE });
export type Env = z.infer<typeof Env>;
