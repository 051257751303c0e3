import * as z from 'zod';
import { COMMON, EDGE, TABLE, AUTH, PAYMENT } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, ...PAYMENT });
export type Env = z.infer<typeof Env>;
