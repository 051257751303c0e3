import * as z from 'zod';
import { COMMON, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE });
export type Env = z.infer<typeof Env>;
