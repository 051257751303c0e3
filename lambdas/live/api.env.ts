import * as z from 'zod';
import { AUTH, COMMON, LIVE_URL, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH, ...LIVE_URL });
export type Env = z.infer<typeof Env>;
