import * as z from 'zod';
import { COMMON, TABLE, AUTH, PAYMENT } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH, ...PAYMENT });
export type Env = z.infer<typeof Env>;
