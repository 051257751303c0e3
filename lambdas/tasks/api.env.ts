import * as z from 'zod';
import { COMMON, TABLE, AUTH, WORK, DEADLINE, BASE_PRICE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH, ...WORK, ...DEADLINE, ...BASE_PRICE });
export type Env = z.infer<typeof Env>;
