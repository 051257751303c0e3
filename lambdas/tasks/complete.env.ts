import * as z from 'zod';
import { COMMON, TABLE, FILES, WORK, DEADLINE, BASE_PRICE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...FILES, ...WORK, ...DEADLINE, ...BASE_PRICE });
export type Env = z.infer<typeof Env>;
