import * as z from 'zod';
import { COMMON, TABLE, FILES, WORK } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...FILES, ...WORK });
export type Env = z.infer<typeof Env>;
