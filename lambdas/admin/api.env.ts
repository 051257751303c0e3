import * as z from 'zod';
import { AUTH, COMMON, EDGE, QUEUES, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, ...QUEUES });
export type Env = z.infer<typeof Env>;
