import * as z from 'zod';
import { COMMON, TABLE, ENDPOINT } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...ENDPOINT });
export type Env = z.infer<typeof Env>;
