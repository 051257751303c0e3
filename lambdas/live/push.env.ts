import * as z from 'zod';
import { COMMON, CONNECTIONS, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...CONNECTIONS });
export type Env = z.infer<typeof Env>;
