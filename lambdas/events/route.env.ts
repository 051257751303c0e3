import * as z from 'zod';
import { COMMON, EVENT_BUS, UNROUTED_QUEUE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EVENT_BUS, ...UNROUTED_QUEUE });
export type Env = z.infer<typeof Env>;
