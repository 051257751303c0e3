import * as z from 'zod';
import { COMMON, TABLE, WORK } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...WORK });
export type Env = z.infer<typeof Env>;
