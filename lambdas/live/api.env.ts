import * as z from 'zod';
import { AUTH, COMMON, EDGE, LIVE_URL, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, ...LIVE_URL });
export type Env = z.infer<typeof Env>;
