import * as z from 'zod';
import { AUTH, COMMON, EDGE, FILES, TABLE, WORK } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, ...FILES, ...WORK });
export type Env = z.infer<typeof Env>;
