import * as z from 'zod';
import { AUTH, COMMON, EDGE, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH });
export type Env = z.infer<typeof Env>;
