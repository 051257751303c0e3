import * as z from 'zod';
import { COMMON, EDGE, TABLE, AUTH, IDENTITY } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, ...IDENTITY });
export type Env = z.infer<typeof Env>;
