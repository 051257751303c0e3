import * as z from 'zod';
import { COMMON, TABLE, FILES, WORK, EXECUTE_QUEUE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...FILES, ...WORK, ...EXECUTE_QUEUE });
export type Env = z.infer<typeof Env>;
