import * as z from 'zod';
import { AUTH, COMMON, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH });
export type Env = z.infer<typeof Env>;
