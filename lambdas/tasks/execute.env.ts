import * as z from 'zod';
import { COMMON, TABLE, WORK, EXECUTE_QUEUE, ENDPOINT, RECEIVES } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...WORK, ...EXECUTE_QUEUE, ...ENDPOINT, ...RECEIVES });
export type Env = z.infer<typeof Env>;
